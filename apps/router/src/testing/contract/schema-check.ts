import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Schema } from './document.ts';

/** Holds a value against a schema of the document; null when it fits, else what does not and where. */
export type SchemaCheck = (schema: Schema, value: unknown) => string | null;

const SHOWN_MAX = 300;

const show = (value: unknown): string => (JSON.stringify(value) ?? 'undefined').slice(0, SHOWN_MAX);

const deepest = (errors: readonly ErrorObject[]): ErrorObject | undefined =>
  errors.toSorted((a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length)[0];

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** The value at a JSON pointer. */
const valueAt = (value: unknown, pointer: string): unknown =>
  pointer
    .split('/')
    .slice(1)
    .reduce((at, part) => memberOf(at, part.replaceAll('~1', '/').replaceAll('~0', '~')), value);

function sayError(errors: readonly ErrorObject[], value: unknown): string {
  const error = deepest(errors);
  if (!error) return 'does not fit its schema';
  const { instancePath, message = 'does not fit', params } = error;
  return `${instancePath || '/'} ${message} ${show(params)}: ${show(valueAt(value, instancePath))}`;
}

/** The document's own references, made to lead into one schema that holds all of them. */
const inOneSchema = (schema: unknown): string =>
  JSON.stringify(schema).replaceAll('"#/components/schemas/', '"document#/$defs/');

const parseSchema = (text: string): object => Object(JSON.parse(text));

/** Makes the check of a document's schemas, formats too. Each schema is compiled once. */
export function createSchemaCheck(schemas: Readonly<Record<string, Schema>>): SchemaCheck {
  const ajv = new Ajv2020({ allErrors: false, strict: true, strictTypes: false, validateFormats: true });
  formats.default(ajv);
  ajv.addSchema({ $id: 'document', ...parseSchema(inOneSchema({ $defs: schemas })) });
  const compiled = new Map<Schema, ValidateFunction>();
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(parseSchema(inOneSchema(schema)));
    compiled.set(schema, validate);
    return validate(value) ? null : sayError(validate.errors ?? [], value);
  };
}
