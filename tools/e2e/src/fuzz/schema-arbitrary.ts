import fc from 'fast-check';

type Schema = Readonly<Record<string, unknown>>;

/** What values are made with. */
export interface Making {
  /** The schemas that others refer to, by name. */
  readonly schemas: Readonly<Record<string, unknown>>;
  /** Words that mean something to the mesh: ids, names, cursors. */
  readonly words: () => readonly string[];
}

const DEPTH_MAX = 6;

const objectOf = (value: unknown): Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const numberOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' ? value : otherwise;

/** A pattern's own strings; some patterns look ahead, and any string has to do for them. */
function matching(pattern: string): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(new RegExp(pattern));
  } catch {
    return fc.string({ maxLength: 20 });
  }
}

/** A word of the mesh that fits, when there is one. */
const known = ({ words }: Making, fits: (word: string) => boolean): fc.Arbitrary<string> =>
  fc.nat().map((at) => {
    const fitting = words().filter(fits);
    return fitting[at % Math.max(1, fitting.length)] ?? 'nothing';
  });

function text(schema: Schema, making: Making): fc.Arbitrary<string> {
  const { pattern, format } = schema;
  const maxLength = Math.min(numberOf(schema['maxLength'], 40), 2500);
  const minLength = Math.min(numberOf(schema['minLength'], 0), maxLength);
  if (format === 'date-time')
    return fc.date({ noInvalidDate: true, min: new Date(0) }).map((date) => date.toISOString());
  if (typeof pattern !== 'string')
    return fc.oneof(
      fc.string({ minLength, maxLength }),
      fc.string({ unit: 'grapheme', minLength, maxLength }),
    );
  const form = new RegExp(pattern);
  return fc.oneof({ weight: 3, arbitrary: known(making, (word) => form.test(word)) }, matching(pattern));
}

function object(schema: Schema, making: Making, depth: number): fc.Arbitrary<unknown> {
  const properties = objectOf(schema['properties']);
  const required = listOf(schema['required']).map(String);
  const members = Object.entries(properties).map(
    ([name, member]) => [name, arbitraryOf(member, making, depth + 1)] as const,
  );
  const fixed = fc.record(Object.fromEntries(members), {
    requiredKeys: required.filter((name) => Object.hasOwn(properties, name)),
  });
  const more = schema['additionalProperties'];
  if (more === undefined || more === false || members.length > 0) return fixed;
  return fc.dictionary(fc.string({ maxLength: 12 }), arbitraryOf(more, making, depth + 1), { maxKeys: 4 });
}

/** Values of a schema that says one type. */
function typed(schema: Schema, making: Making, depth: number): fc.Arbitrary<unknown> {
  const { type } = schema;
  if (type === 'string') return text(schema, making);
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'array') {
    const items = arbitraryOf(schema['items'], making, depth + 1);
    return fc.array(items, {
      minLength: numberOf(schema['minItems'], 0),
      maxLength: Math.min(numberOf(schema['maxItems'], 4), numberOf(schema['minItems'], 0) + 4),
    });
  }
  const min = numberOf(schema['minimum'], -1000);
  const max = numberOf(schema['maximum'], 1_000_000);
  if (type === 'integer')
    return fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) });
  if (type === 'number') return fc.double({ min, max, noNaN: true });
  if (type === 'object') return object(schema, making, depth);
  return fc.jsonValue({ maxDepth: 3 });
}

/** Makes values that a JSON Schema of the document takes, most of them at least. */
export function arbitraryOf(given: unknown, making: Making, depth = 0): fc.Arbitrary<unknown> {
  const schema = objectOf(given);
  if (depth > DEPTH_MAX) return fc.constant(null);
  const { $ref, enum: choices, anyOf, oneOf, type } = schema;
  if (typeof $ref === 'string')
    return arbitraryOf(making.schemas[$ref.slice($ref.lastIndexOf('/') + 1)], making, depth + 1);
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(choices)) return fc.constantFrom<unknown>(...choices);
  const several = [...listOf(anyOf), ...listOf(oneOf)];
  if (several.length > 0) return fc.oneof(...several.map((each) => arbitraryOf(each, making, depth + 1)));
  const types = Array.isArray(type) ? type : [type];
  return fc.oneof(...types.map((each: unknown) => typed({ ...schema, type: each }, making, depth)));
}
