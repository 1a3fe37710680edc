import { expect, test } from 'vitest';
import { createCompiler } from '../../bundle/parameters.ts';
import { cleanParameters } from './clean-schema.ts';

type Schema = Record<string, unknown>;

/** A schema as servers send it, arguments that it takes, and some that it does not. */
const SCHEMAS: [string, Schema, Schema[], Schema[]][] = [
  [
    'the dialect of draft-07',
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { a: { type: 'string' } },
    },
    [{}, { a: 'x' }],
    [{ a: 1 }],
  ],
  [
    'a tuple of draft-07',
    {
      type: 'object',
      properties: {
        a: {
          type: 'array',
          items: [{ type: 'string' }, { type: 'number' }],
          additionalItems: false,
          maxItems: 2,
          minItems: 2,
        },
      },
    },
    [{ a: ['x', 1] }],
    [{ a: [1, 'x'] }, { a: ['x', 1, 2] }],
  ],
  [
    'a list of types',
    {
      type: 'object',
      properties: {
        a: { type: ['string', 'null'], minLength: 2, description: 'd' },
        b: { type: ['integer', 'array'], minimum: 5, items: { type: 'string' } },
      },
    },
    [{ a: null }, { a: 'xy' }, { b: 5 }, { b: ['x'] }],
    [{ a: 'x' }, { a: 1 }, { b: 4 }, { b: [1] }],
  ],
  [
    'a list of one type',
    { type: 'object', properties: { a: { type: ['string'], minLength: 1 } } },
    [{ a: 'x' }],
    [{ a: '' }],
  ],
  [
    'annotations of other tools',
    {
      type: 'object',
      'x-order': 1,
      properties: {
        'x-kept': { type: 'string', 'x-ui': {}, markdownDescription: 'd', enumNames: ['A'], enum: ['a'] },
      },
    },
    [{ 'x-kept': 'a' }],
    [{ 'x-kept': 'b' }],
  ],
  [
    'required members that are not declared',
    { type: 'object', properties: { a: { type: 'string' } }, required: ['a', 'b'] },
    [{ a: 'x', b: {} }],
    [{ a: 'x' }, { b: 1 }],
  ],
  [
    'references and definitions',
    {
      type: 'object',
      properties: { a: { $ref: '#/definitions/name' } },
      definitions: { name: { type: ['string', 'null'], 'x-y': 1 } },
    },
    [{ a: null }, { a: 'x' }],
    [{ a: 1 }],
  ],
  [
    'alternatives within alternatives',
    {
      type: 'object',
      properties: {
        a: {
          anyOf: [
            { type: ['string', 'number'] },
            { type: 'object', properties: { b: { type: 'string', example: 'x' } } },
          ],
        },
      },
    },
    [{ a: 'x' }, { a: 1 }, { a: { b: 'x' } }],
    [{ a: true }, { a: { b: 1 } }],
  ],
];

test.each(SCHEMAS)(
  'cleanParameters makes %s strict, and it accepts what it did',
  (...[, schema, good, bad]) => {
    const compiled = createCompiler()(cleanParameters(schema));
    if (!compiled.ok) throw new Error(compiled.fault.message);
    for (const args of good) expect(compiled.rules.refusal(args)).toBeNull();
    for (const args of bad) expect(compiled.rules.refusal(args)).not.toBeNull();
  },
);

test.each<[string, Schema]>([
  ['a keyword that nobody knows', { type: 'object', properties: { a: { type: 'string', shape: 'round' } } }],
  ['a reference to nothing', { type: 'object', properties: { a: { $ref: '#/$defs/none' } } }],
  [
    'a bound of draft-04',
    { type: 'object', properties: { a: { type: 'number', minimum: 1, exclusiveMinimum: true } } },
  ],
  [
    'a closed schema that requires more',
    { type: 'object', properties: {}, additionalProperties: false, required: ['a'] },
  ],
])('cleanParameters leaves %s to be refused', (_, schema) => {
  expect(createCompiler()(cleanParameters(schema))).toMatchObject({ ok: false });
});
