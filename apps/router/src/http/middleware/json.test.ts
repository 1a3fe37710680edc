import { ExecError } from '@xem/errors';
import { expect, test } from 'vitest';
import { JSON_DEPTH_MAX, JSON_MEMBERS_MAX, parseObject, pointerOf } from './json.ts';

const refusalOf = (text: string): ExecError => {
  try {
    parseObject(text);
  } catch (err) {
    if (err instanceof ExecError) return err;
    throw err;
  }
  throw new Error(`accepted ${text.slice(0, 80)}`);
};

const nested = (depth: number): string => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;

test('parseObject reads an object', () => {
  const text = '{"a":"x:\\"y\\\\","b":[1,{"c":null}],"d":"{\\"a\\":1}"}';
  expect(parseObject(text)).toEqual(JSON.parse(text));
});

test('parseObject reads an empty body as an empty object', () => {
  expect(parseObject('')).toEqual({});
});

test('parseObject reads one name in two objects', () => {
  expect(parseObject('{"a":{"x":1},"b":{"x":2}}')).toEqual({ a: { x: 1 }, b: { x: 2 } });
});

test.each([
  ['an array', '[1]'],
  ['a number', '7'],
  ['null', 'null'],
  ['half an object', '{"a":'],
  ['NaN', '{"a":NaN}'],
  ['Infinity', '{"a":Infinity}'],
  ['a trailing comma', '{"a":1,}'],
  ['a byte order mark', '\uFEFF{}'],
  ['a member given twice', '{"a":1,"a":1}'],
  ['a member given twice, once escaped', String.raw`{"a":1,"\u0061":2}`],
  ['a member given twice deep inside', '{"a":[{"b":{"c":1,"c":{}}}]}'],
  ['a member whose duplicate held objects', '{"a":{"b":{"c":1}},"a":2}'],
  ['nesting 100,000 deep', nested(100_000)],
  ['objects nested 2,000 deep', `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`],
  ['nesting one beyond the limit', nested(JSON_DEPTH_MAX)],
])('parseObject refuses %s', (_name, text) => {
  expect(refusalOf(text)).toMatchObject({ code: 'invalid_body', status: 400, param: null });
});

test.each([
  ['__proto__', '{"args":{"__proto__":{"admin":true}}}', '/args/__proto__'],
  ['an escaped __proto__', String.raw`{"\u005f_proto__":1}`, '/__proto__'],
  ['a number beyond a double', '{"args":{"n":[1e999]}}', '/args/n/0'],
  ['an integer that would be rounded', '{"args":{"id":9007199254740993}}', '/args/id'],
  ['a negative integer that would be rounded', '{"args":{"id":-9007199254740993}}', '/args/id'],
  ['half a surrogate pair', String.raw`{"args":{"s":"\ud800"}}`, '/args/s'],
  ['half a surrogate pair in a name', String.raw`{"\udc00":1}`, '/\udc00'],
])('parseObject points at %s', (_name, text, param) => {
  expect(refusalOf(text)).toMatchObject({ code: 'invalid_body', param });
});

test.each([
  ['in one object', `{${'"a":1,'.repeat(JSON_MEMBERS_MAX)}"z":1}`],
  ['in many objects', `{"a":[${'{"b":1},'.repeat(JSON_MEMBERS_MAX)}0]}`],
  ['in a text that is not valid', `{${'"a":1,'.repeat(JSON_MEMBERS_MAX + 1)}`],
])('parseObject refuses too many members %s before it looks at them', (_name, text) => {
  expect(refusalOf(text)).toMatchObject({ code: 'payload_too_large', status: 413, param: null });
});

test('parseObject counts colons within strings as no members', () => {
  expect(parseObject(`{"a":"${':'.repeat(JSON_MEMBERS_MAX)}"}`)).toEqual({
    a: ':'.repeat(JSON_MEMBERS_MAX),
  });
});

test.each([
  ['a string without its end', '{"a":"x'],
  ['a string that ends with a backslash', String.raw`{"a":"x"`],
])('parseObject refuses %s', (_name, text) => {
  expect(refusalOf(text)).toMatchObject({ code: 'invalid_body', param: null });
});

test('parseObject reads nesting up to the limit', () => {
  expect(() => parseObject(nested(JSON_DEPTH_MAX - 1))).not.toThrow();
});

test('parseObject reads __proto__ as a value, and constructor as a name', () => {
  expect(parseObject('{"constructor":"__proto__"}')).toEqual({ constructor: '__proto__' });
});

test('pointerOf escapes what JSON pointers escape', () => {
  expect(pointerOf(['args', 'a/b', 'c~d', 0])).toBe('/args/a~1b/c~0d/0');
});
