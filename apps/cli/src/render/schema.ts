import { visible } from './escape.ts';

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NOTES = ['default', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern', 'format'] as const;

/** The type of an argument in a few words. */
function typeOf(schema: unknown): string {
  if (!isSchema(schema)) return 'any';
  const { type, items, const: only, enum: words } = schema;
  if (Array.isArray(words)) return words.map((word) => JSON.stringify(word)).join(' | ');
  if (only !== undefined) return JSON.stringify(only);
  if (type === 'array') return `array of ${typeOf(items)}`;
  if (Array.isArray(type)) return type.join(' | ');
  return typeof type === 'string' ? type : 'any';
}

function argumentLine(name: string, schema: unknown, required: boolean): string {
  const { description, ...rest }: Schema = isSchema(schema) ? schema : {};
  const notes = NOTES.flatMap((note) =>
    rest[note] === undefined ? [] : [`${note} ${JSON.stringify(rest[note])}`],
  );
  const facts = [typeOf(schema), required ? 'required' : 'optional', ...notes].join(', ');
  const says = typeof description === 'string' ? `\n      ${visible(description)}` : '';
  return `  ${visible(name)}  (${visible(facts)})${says}\n`;
}

/** The arguments that a tool takes, one after the other. */
export function renderSchema(parameters: Schema): string {
  const { properties, required, additionalProperties } = parameters;
  const names = Array.isArray(required) ? required : [];
  const known = isSchema(properties) ? Object.entries(properties) : [];
  const lines = known.map(([name, schema]) => argumentLine(name, schema, names.includes(name)));
  if (additionalProperties !== false) lines.push('  and any others\n');
  return lines.join('');
}
