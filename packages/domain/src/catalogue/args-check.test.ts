import { expect, test } from 'vitest';
import { createArgsCompiler } from './args-check.ts';

const text = { type: 'object' as const, properties: { a: { type: 'string' } }, additionalProperties: false };

test.each([
  [{ a: 1 }, '/a', 'must be string'],
  [{ b: 1 }, '/b', 'must NOT have additional properties'],
  [{ 'a/b~c': 1 }, '/a~1b~0c', 'must NOT have additional properties'],
])('args-check points at what is wrong with %j', (args, pointer, message) => {
  expect(createArgsCompiler()(text)(args)).toEqual({ pointer, message });
});

test('args-check points at a member that is missing, and names the choices', () => {
  const compile = createArgsCompiler();
  const schema = { type: 'object' as const, properties: { mode: { enum: ['x', 'y'] } }, required: ['mode'] };
  expect(compile(schema)({})).toMatchObject({ pointer: '/mode' });
  expect(compile(schema)({ mode: 'z' })?.message).toContain('x, y');
  expect(compile(schema)({ mode: 'x' })).toBeNull();
});

test('args-check keeps schemas of one $id apart', () => {
  const compile = createArgsCompiler();
  const number = { $id: 'same', type: 'object' as const, properties: { a: { type: 'number' } } };
  const checkText = compile({ $id: 'same', ...text });
  const checkNumber = compile(number);
  expect([checkText({ a: 'x' }), checkNumber({ a: 1 })]).toEqual([null, null]);
  expect([checkText({ a: 1 }), checkNumber({ a: 'x' })]).not.toContain(null);
});

test.each([
  ['an unknown type', { type: 'object' as const, properties: { a: { type: 'text' } } }],
  ['an unknown keyword', { type: 'object' as const, propertees: {} }],
  ['a reference to nowhere', { type: 'object' as const, $ref: 'https://example.com/elsewhere' }],
  [
    'the name of the meta-schema',
    { type: 'object' as const, $id: 'https://json-schema.org/draft/2020-12/schema' },
  ],
])('args-check refuses a schema with %s, and compiles the next one as before', (_, schema) => {
  const compile = createArgsCompiler();
  expect(() => compile(schema)).toThrow();
  expect(() => compile(schema)).toThrow();
  expect(compile(text)({ a: 'x' })).toBeNull();
});

const twice = (name: string) => ({ allOf: [{ $ref: `#/$defs/${name}` }, { $ref: `#/$defs/${name}` }] });
const doubling = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`d${at + 1}`, twice(`d${at}`)]));

test.each([
  ['a pattern that backtracks', { properties: { a: { type: 'string', pattern: '^(a+)+$' } } }],
  ['pairs to compare', { properties: { list: { type: 'array', uniqueItems: true } } }],
  ['a reference to the schema itself', { allOf: [{ $ref: '#' }] }],
  ['references that double', { $defs: { d0: { type: 'object' }, ...doubling }, $ref: '#/$defs/d40' }],
])('args-check breaks off at %s', (_, schema) => {
  const check = createArgsCompiler()({ type: 'object', ...schema });
  const args = { a: `${'a'.repeat(60)}!`, list: Array.from({ length: 60_000 }, (_item, at) => [at]) };
  expect(check(args)).toEqual({ pointer: '', message: 'take more than 50 ms to check' });
});

test('args-check tells faults and right arguments of a costly schema as of any other', () => {
  const check = createArgsCompiler()({
    type: 'object',
    properties: { a: { type: 'string', pattern: '^x' } },
  });
  expect(check({ a: 'x' })).toBeNull();
  expect(check({ a: 'y' })).toEqual({ pointer: '/a', message: 'must match pattern "^x"' });
});
