import { expect, test } from 'vitest';
import { exactText, wholeCharacters } from './encode.ts';

test.each([
  ['abc', 3, 'abc'],
  ['añ', 2, 'a'],
  ['a€', 3, 'a'],
  ['a😀b', 4, 'a'],
  ['a😀b', 5, 'a😀'],
] as const)('wholeCharacters of %s cut after %i bytes is %s', (text, length, whole) => {
  expect(wholeCharacters(Buffer.from(text).subarray(0, length)).toString()).toBe(whole);
});

test.each([
  [Buffer.from('hé\n'), 'hé\n'],
  [Buffer.from([0x61, 0]), null],
  [Buffer.from([0xff, 0xfe]), null],
])('exactText of %j is %j', (bytes, text) => {
  expect(exactText(bytes)).toBe(text);
});
