import type { ToolParameters } from '@xem/protocol';

/**
 * Makes a strict schema of 2020-12 of what servers send, as far as that changes nothing of what it accepts: dialects
 * go, draft-07 tuples get their new name, lists of types become alternatives, and what only annotates in a way of its
 * own is dropped. What is still no strict schema then is left for the compiler to refuse.
 */

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Keywords whose members are schemas, whose items are, and that are one. */
const MAPS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas']);
const LISTS = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const ONES = new Set([
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
  'not',
  'if',
  'then',
  'else',
]);

/** Annotations that editors and generators add. Validators pass over them. */
const ANNOTATIONS = new Set([
  '$schema',
  'enumDescriptions',
  'enumNames',
  'errorMessage',
  'example',
  'markdownDescription',
  'propertyOrdering',
]);

const isAnnotation = (keyword: string): boolean => ANNOTATIONS.has(keyword) || keyword.startsWith('x-');

/** Keywords that judge values of one type only; a branch for another type does without them. */
const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'pattern', 'format', 'contentEncoding', 'contentMediaType'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  array: [
    'items',
    'prefixItems',
    'minItems',
    'maxItems',
    'uniqueItems',
    'contains',
    'minContains',
    'maxContains',
  ],
  object: [
    'properties',
    'patternProperties',
    'additionalProperties',
    'required',
    'minProperties',
    'maxProperties',
  ],
};
const TYPED = new Set(Object.values(BY_TYPE).flat());

function cleanKeyword(keyword: string, value: unknown): unknown {
  if (MAPS.has(keyword) && isSchema(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, clean(schema)]));
  }
  if (LISTS.has(keyword) && Array.isArray(value)) return value.map(clean);
  return ONES.has(keyword) ? clean(value) : value;
}

/** The tuples of draft-07. */
function renameTuple(schema: Schema): Schema {
  const { items, additionalItems, ...rest } = schema;
  if (!Array.isArray(items)) return items === undefined ? rest : { ...rest, items };
  const size = { minItems: rest['minItems'] ?? 0 };
  return {
    ...rest,
    ...size,
    prefixItems: items,
    ...(additionalItems !== undefined && { items: additionalItems }),
  };
}

/** One alternative a type, since a strict schema has one type. */
function splitTypes(schema: Schema): Schema {
  const { type: types, ...rest } = schema;
  if (!Array.isArray(types) || 'anyOf' in rest) return schema;
  const typed = Object.entries(rest).filter(([keyword]) => TYPED.has(keyword));
  const others = Object.entries(rest).filter(([keyword]) => !TYPED.has(keyword));
  const anyOf = types.map((type: unknown) => {
    const own = BY_TYPE[type === 'integer' ? 'number' : String(type)] ?? [];
    return Object.fromEntries([['type', type], ...typed.filter(([keyword]) => own.includes(keyword))]);
  });
  return anyOf.length === 1 ? { ...rest, ...anyOf[0] } : { ...Object.fromEntries(others), anyOf };
}

/** Declares what is required; a member without a schema may be anything. */
function declareRequired(schema: Schema): Schema {
  const { required, properties = {}, additionalProperties, unevaluatedProperties } = schema;
  const isOpen = additionalProperties !== false && unevaluatedProperties === undefined;
  if (!Array.isArray(required) || !isSchema(properties) || !isOpen) return schema;
  const names = required.map(String).filter((name) => !Object.hasOwn(properties, name));
  if (names.length === 0 || isSchema(additionalProperties)) return schema;
  return { ...schema, properties: { ...properties, ...Object.fromEntries(names.map((name) => [name, {}])) } };
}

function clean(schema: unknown): unknown {
  if (!isSchema(schema)) return schema;
  const kept = Object.entries(schema).filter(([keyword]) => !isAnnotation(keyword));
  const renamed = renameTuple(Object.fromEntries(kept));
  const cleaned = Object.entries(renamed).map(([keyword, value]) => [keyword, cleanKeyword(keyword, value)]);
  return declareRequired(splitTypes(Object.fromEntries(cleaned)));
}

/** The parameters of a tool, from the schema that a server has for its arguments. */
export function cleanParameters(schema: Schema): ToolParameters {
  const cleaned = clean(schema);
  return { ...(isSchema(cleaned) && cleaned), type: 'object' };
}
