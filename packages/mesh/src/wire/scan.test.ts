import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { expect, test } from 'vitest';
import { isPlainMessagePack } from './scan.ts';

const packr = new Packr({ useRecords: false, variableMapSize: true });

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** Arrays in arrays, `depth` of them, around a nil. */
const nested = (depth: number): Buffer => Buffer.concat([Buffer.alloc(depth, 0x91), hex('c0')]);

test.each([
  ['nothing', ''],
  ['the unused byte', 'c1'],
  ['a nil too many', 'c0 c0'],
  ['a record definition', 'd4 72 40 91 a1 61 01'],
  ['an undefined', 'd4 00 00'],
  ['a regular expression', 'c7 00 78 92 a1 61 a0'],
  ['a set', 'd4 73 00 90'],
  ['a shared reference', 'd6 69 00 00 00 00 90'],
  ['bundled strings', 'd6 62 00 00 00 00'],
  ['a date', 'd6 ff 00 00 00 00'],
  ['a big integer', 'd4 42 01'],
  ['a typed array', 'd5 74 01 01'],
  ['a map with a number for a key', '81 01 01'],
  ['a map with nil for a key', '81 c0 01'],
  ['a map with an array for a key', '81 90 01'],
  ['a map without its value', '81 a1 61'],
  ['a string beyond the end', 'a5 61'],
  ['a length cut short', 'da 00'],
  ['a map of four thousand million', 'df ff ff ff ff'],
  ['an array of four thousand million', 'dd ff ff ff ff'],
  ['bytes beyond the end', 'c6 ff ff ff ff 00'],
  ['an infinite number', 'cb 7f f0 00 00 00 00 00 00'],
  ['not a number', 'ca 7f c0 00 00'],
  ['a number cut short', 'cb 00'],
])('a body is refused that holds %s', (_, text) => {
  expect(isPlainMessagePack(hex(text))).toBe(false);
});

test('a body nests 64 deep and no deeper', () => {
  expect(isPlainMessagePack(nested(64))).toBe(true);
  expect(isPlainMessagePack(nested(65))).toBe(false);
  expect(isPlainMessagePack(nested(1_000_000))).toBe(false);
});

test('a body is accepted whatever JSON it holds', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      expect(isPlainMessagePack(packr.pack(value))).toBe(true);
    }),
  );
});

test('a body is accepted with raw bytes of any length', () => {
  for (const length of [0, 1, 255, 256, 65_535, 65_536]) {
    expect(isPlainMessagePack(packr.pack({ b: new Uint8Array(length) }))).toBe(true);
  }
});
