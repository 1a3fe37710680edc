import { expect, test } from 'vitest';
import { asJson, incompleteTail } from './utf8.ts';

test.each([
  ['abc', 0],
  ['ä', 0],
  ['€', 0],
  ['😀', 0],
])('a chunk that ends with the whole of %s has no incomplete tail', (text, tail) => {
  expect(incompleteTail(Buffer.from(text))).toBe(tail);
});

test.each([
  ['ä', 1],
  ['€', 1],
  ['€', 2],
  ['😀', 1],
  ['😀', 2],
  ['😀', 3],
])('of %s, the first %i bytes are an incomplete tail', (text, bytes) => {
  const chunk = Buffer.concat([Buffer.from('x'), Buffer.from(text).subarray(0, bytes)]);
  expect(incompleteTail(chunk)).toBe(bytes);
});

test('bytes that begin no character are no tail', () => {
  expect(incompleteTail(Buffer.from([0x80, 0x80, 0x80, 0x80]))).toBe(0);
  expect(incompleteTail(Buffer.alloc(0))).toBe(0);
});

test('a chunk is text when it is UTF-8, and base64 when it is not', () => {
  expect(asJson(Buffer.from('a\u0000€'))).toEqual({ text: 'a\u0000€' });
  expect(asJson(Buffer.from([0xff, 0x00]))).toEqual({ base64: '/wA=' });
});
