import { expect, test } from 'vitest';
import { hashJson, sha256Hex } from './hash.ts';

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
])('sha256Hex of %j is %s', (text, digest) => {
  expect(sha256Hex(text)).toBe(digest);
  expect(sha256Hex(Buffer.from(text))).toBe(digest);
});

test('hashJson is over the canonical bytes', () => {
  expect(hashJson({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  expect(hashJson({ b: 1, a: 2 })).toBe(sha256Hex('{"a":2,"b":1}'));
});
