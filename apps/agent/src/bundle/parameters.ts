import type { ToolParameters } from '@xem/protocol';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** The arguments of a call, whatever was sent. */
export type Args = Readonly<Record<string, unknown>>;

/** A schema of arguments that was compiled. */
export interface ArgumentRules {
  /** Null when the arguments obey; else what is wrong, with a JSON pointer. */
  refusal(args: Args): string | null;
  /** The arguments with the defaults of absent ones, at the top level. */
  complete(args: Args): Args;
}

/** A schema that cannot be used; `pointer` is a JSON pointer into it. */
interface SchemaFault {
  readonly pointer: readonly string[];
  readonly message: string;
}

type CompiledParameters =
  | { readonly ok: true; readonly rules: ArgumentRules }
  | { readonly ok: false; readonly fault: SchemaFault };

/** Compiles JSON Schema 2020-12, strictly. */
export type SchemaCompiler = (schema: ToolParameters) => CompiledParameters;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const unescapePointer = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Keywords whose keys are names, not keywords, and keywords that hold no schema. */
const NAMES = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const VALUES = new Set(['const', 'default', 'enum', 'examples']);

type IsKey = (key: string, value: unknown) => boolean;

/** Where such a keyword stands first, for faults that the compiler reports without a place. */
function findKeyword(schema: unknown, isIt: IsKey, hasNames = false): string[] | null {
  if (typeof schema !== 'object' || schema === null) return null;
  for (const [key, value] of Object.entries(schema)) {
    if (!hasNames && isIt(key, value)) return [key];
    const isValue = !hasNames && VALUES.has(key);
    const below = isValue ? null : findKeyword(value, isIt, !hasNames && NAMES.has(key));
    if (below) return [key, ...below];
  }
  return null;
}

function placeOf(schema: ToolParameters, error: Error & { missingRef?: unknown }): readonly string[] {
  const named = / at "[^"#]*#([^"]*)"/.exec(error.message)?.[1];
  if (named !== undefined) return unescapePointer(named);
  const keyword = /unknown keyword: "(.*)"/.exec(error.message)?.[1];
  const pattern = /Invalid regular expression: \/(.*)\/u?:/s.exec(error.message)?.[1];
  const place = findKeyword(
    schema,
    (key, value) =>
      (keyword !== undefined && key === keyword) ||
      (key === '$ref' && value === error.missingRef) ||
      (key === 'pattern' && value === pattern),
  );
  return place ?? [];
}

function tryCompile(ajv: Ajv2020, schema: ToolParameters): ValidateFunction | SchemaFault {
  try {
    if (ajv.validateSchema(schema) !== true) {
      const [first] = ajv.errors ?? [];
      return {
        pointer: unescapePointer(first?.instancePath ?? ''),
        message: first?.message ?? 'is no schema',
      };
    }
    return ajv.compile(schema);
  } catch (err) {
    if (!(err instanceof Error)) throw err;
    return { pointer: placeOf(schema, err), message: err.message };
  } finally {
    ajv.removeSchema(schema);
  }
}

function defaultsOf(schema: ToolParameters): Map<string, unknown> {
  const defaults = new Map<string, unknown>();
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  for (const [name, property] of Object.entries(properties)) {
    if (isRecord(property) && 'default' in property) defaults.set(name, property['default']);
  }
  return defaults;
}

/** Names of the arguments that a schema declares, and of those that every call has. */
export function declaredArgs(schema: ToolParameters): {
  readonly all: Set<string>;
  readonly sure: Set<string>;
} {
  const all = new Set(isRecord(schema['properties']) ? Object.keys(schema['properties']) : []);
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  return { all, sure: new Set([...required, ...defaultsOf(schema).keys()]) };
}

function rulesOf(schema: ToolParameters, validate: ValidateFunction): ArgumentRules {
  const defaults = [...defaultsOf(schema)];
  return {
    refusal: (args) => {
      if (validate(args)) return null;
      const [first] = validate.errors ?? [];
      return `${first?.instancePath || '/'} ${first?.message ?? 'is refused by the schema'}`;
    },
    complete: (args) => {
      const missing = defaults.filter(([name]) => !Object.hasOwn(args, name));
      return missing.length === 0 ? args : { ...Object.fromEntries(missing), ...args };
    },
  };
}

/**
 * A compiler for the schemas of one load: its own start, not a schema, is what costs. Formats are annotations in this
 * dialect; a router reads schemas the same way.
 */
export function createCompiler(): SchemaCompiler {
  const ajv = new Ajv2020({ strict: true, validateFormats: false });
  return (schema) => {
    const validate = tryCompile(ajv, schema);
    if (typeof validate !== 'function') return { ok: false, fault: validate };
    return { ok: true, rules: rulesOf(schema, validate) };
  };
}
