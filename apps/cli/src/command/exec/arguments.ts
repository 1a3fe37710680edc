import { UsageError } from '../../exit.ts';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads what `--args` holds. @throws UsageError */
export function parseArguments(text: string, from: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return { ...value };
  } catch (error) {
    throw new UsageError(`${from} is not JSON: ${error instanceof Error ? error.message : ''}`, {
      cause: error,
    });
  }
  throw new UsageError(`${from} must be a JSON object`);
}

/** The schema of one argument; an empty one when the tool declares none. */
function schemaOf(parameters: Json, name: string): Json {
  const { properties } = parameters;
  const schema = isObject(properties) ? properties[name] : undefined;
  return isObject(schema) ? schema : {};
}

function parseJson(name: string, word: string): unknown {
  try {
    return JSON.parse(word);
  } catch (error) {
    throw new UsageError(`--arg ${name}: ${word} is not JSON`, { cause: error });
  }
}

const mismatch = (name: string, word: string, type: string): UsageError =>
  new UsageError(`--arg ${name}: ${word} is not of type ${type}`);

function typed(name: string, word: string, type: unknown): unknown {
  switch (type) {
    case 'integer':
    case 'number': {
      const number = word.trim() === '' ? Number.NaN : Number(word);
      const fits = type === 'number' ? Number.isFinite(number) : Number.isSafeInteger(number);
      if (!fits) throw mismatch(name, word, type);
      return number;
    }
    case 'boolean':
      if (word !== 'true' && word !== 'false') throw mismatch(name, word, type);
      return word === 'true';
    case 'null':
    case 'object':
      return parseJson(name, word);
    default:
      return word;
  }
}

/** Where a type may be several, the first that the word fits is taken; a text comes last. */
function typedByAny(name: string, word: string, types: readonly unknown[]): unknown {
  for (const type of types.filter((one) => one !== 'string')) {
    try {
      return typed(name, word, type);
    } catch {
      // The next type may fit.
    }
  }
  if (types.includes('string')) return word;
  throw mismatch(name, word, types.join(' or '));
}

function valueOf(name: string, words: readonly string[], schema: Json): unknown {
  const [word = ''] = words;
  const { type, items } = schema;
  if (type === 'array') {
    if (words.length === 1 && word.startsWith('[')) return parseJson(name, word);
    const itemType = isObject(items) ? items['type'] : undefined;
    return words.map((one) => typed(name, one, itemType));
  }
  if (words.length > 1) throw new UsageError(`--arg ${name} is given more than once, and is not an array`);
  return Array.isArray(type) ? typedByAny(name, word, type) : typed(name, word, type);
}

/**
 * Makes arguments of `key=value` words, each value typed by the tool's schema: a text where the schema says nothing.
 * `key:=json` takes the value as JSON; an array is given by repeating its key. @throws UsageError
 */
export function assembleArguments(words: readonly string[], parameters: Json): Record<string, unknown> {
  const texts = new Map<string, string[]>();
  const values = new Map<string, unknown>();
  for (const word of words) {
    const [, name = '', sign = '', value = ''] = /^([^=]*?)(:?=)([\s\S]*)$/.exec(word) ?? [];
    if (name === '') throw new UsageError(`--arg ${word}: must be key=value, or key:=json`);
    if (sign === ':=') values.set(name, parseJson(name, value));
    else texts.set(name, [...(texts.get(name) ?? []), value]);
  }
  for (const [name, given] of texts) values.set(name, valueOf(name, given, schemaOf(parameters, name)));
  return Object.fromEntries(values);
}
