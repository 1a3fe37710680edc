import { z } from 'zod';
import { code, table } from '../markdown.ts';

type JsonSchema = z.core.JSONSchema.JSONSchema;

const PRIMITIVE_NOTES: Readonly<Record<string, string>> = {
  'date-time': 'time',
  binary: 'bytes',
  uri: 'URL',
};

const isSchema = (value: JsonSchema | boolean | undefined): value is JsonSchema => typeof value === 'object';

/** A type in a few words, as a reader of a table wants it. */
function typeWords(schema: JsonSchema | boolean | undefined): string {
  if (!isSchema(schema)) return 'anything';
  if (schema.const !== undefined) return code(JSON.stringify(schema.const));
  if (schema.enum) return schema.enum.map((value) => code(String(value))).join(' ');
  const union = schema.anyOf ?? schema.oneOf;
  if (union) return [...new Set(union.map(typeWords))].join(' or ');
  if (schema.type === 'array')
    return `list of ${typeWords(Array.isArray(schema.items) ? undefined : schema.items)}`;
  if (schema.$ref) return schema.$ref.split('/').at(-1) ?? 'object';
  return PRIMITIVE_NOTES[schema.format ?? ''] ?? [schema.type ?? 'anything'].flat().join(' or ');
}

const boundsOf = ({ minLength, maxLength, minimum, maximum }: JsonSchema): string => {
  const low = minLength ?? (minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum);
  const high = maxLength ?? (maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum);
  if (low === undefined && high === undefined) return '';
  const unit = minLength === undefined && maxLength === undefined ? '' : ' characters';
  if (low === undefined) return `at most ${high}${unit}`;
  return high === undefined ? `at least ${low}${unit}` : `${low} to ${high}${unit}`;
};

const noteOf = (schema: JsonSchema | boolean | undefined): string => {
  if (!isSchema(schema)) return '';
  const { pattern, format } = schema;
  const form = pattern === undefined || format === 'date-time' ? '' : code(pattern);
  const fallback = schema.default === undefined ? '' : `default ${code(JSON.stringify(schema.default))}`;
  return [schema.description ?? '', form, boundsOf(schema), fallback].filter(Boolean).join('; ');
};

/** JSON has no word for bytes; frames have them, and nothing else in the tables is a class. */
const JSON_OPTIONS = {
  io: 'input',
  unrepresentable: 'any',
  reused: 'inline',
  override: ({ zodSchema, jsonSchema }) => {
    if (zodSchema._zod.def.type === 'custom') jsonSchema.format = 'binary';
  },
} as const satisfies Parameters<typeof z.toJSONSchema>[1];

/** A schema that has a name of its own comes as a reference to it. */
function itself(json: JsonSchema): JsonSchema {
  const name = json.$ref?.split('/').at(-1);
  const named = name === undefined ? undefined : json.$defs?.[name];
  return isSchema(named) ? named : json;
}

const rowOf = (name: string, member: JsonSchema | boolean, isRequired: boolean): string[] => [
  code(name),
  typeWords(member),
  isRequired ? 'yes' : 'no',
  noteOf(member),
];

/** What an object or a list of objects has within, and how its members are written behind its name. */
function within(schema: JsonSchema | boolean | undefined): { mark: string; object: JsonSchema } | null {
  if (!isSchema(schema)) return null;
  const option = (schema.anyOf ?? []).map(within).find((inner) => inner !== null);
  if (option) return option;
  if (schema.properties) return { mark: '.', object: schema };
  const inner = Array.isArray(schema.items) ? null : within(schema.items);
  return inner && { mark: `[]${inner.mark}`, object: inner.object };
}

/** A row for each member, each followed by those for what it has within. */
function deepRows(json: JsonSchema, apart: ReadonlySet<string>, before = ''): string[][] {
  return Object.entries(json.properties ?? {}).flatMap(([name, member]) => {
    const inner = apart.has(name) ? null : within(member);
    const row = rowOf(`${before}${name}`, member, json.required?.includes(name) ?? false);
    return [row].concat(inner ? deepRows(inner.object, apart, `${before}${name}${inner.mark}`) : []);
  });
}

/** The same table with the members of members, but for those of the names that have a table apart. */
export function deepFieldsTable(schema: z.ZodType, apart: ReadonlySet<string>): string | null {
  const rows = deepRows(itself(z.toJSONSchema(schema, JSON_OPTIONS)), apart);
  return rows.length === 0 ? null : table(['Member', 'Type', 'Required', 'Note'], rows);
}

/** The members of an object as a table: name, type, whether it must be there, limits and default. */
export function fieldsTable(schema: z.ZodType, head: string): string | null {
  const json = itself(z.toJSONSchema(schema, JSON_OPTIONS));
  const members = Object.entries(json.properties ?? {});
  if (members.length === 0) return null;
  const rows = members.map(([name, member]) => rowOf(name, member, json.required?.includes(name) ?? false));
  return table([head, 'Type', 'Required', 'Note'], rows);
}
