import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readOrCreateSecret, SecretFileError } from './secret-file.ts';

function freshPath(): { folder: string; path: string } {
  const folder = mkdtempSync(join(tmpdir(), 'xem-secret-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { folder, path: join(folder, 'key.hex') };
}

const make = (): Uint8Array => new Uint8Array(32).fill(9);

test('secret file is made once, for its owner alone, and leaves no draft behind', () => {
  const { folder, path } = freshPath();
  const made = readOrCreateSecret(path, make);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['key.hex']);
  expect(readOrCreateSecret(path, () => new Uint8Array(32))).toEqual(made);
});

test.each([0o640, 0o604, 0o660, 0o644])('secret file is refused with mode %o', (mode) => {
  const { path } = freshPath();
  readOrCreateSecret(path, make);
  chmodSync(path, mode);
  expect(() => readOrCreateSecret(path, make)).toThrow(SecretFileError);
});

test.each(['', 'not hex', 'abc'])('secret file is refused when it holds %j', (text) => {
  const { path } = freshPath();
  writeFileSync(path, text, { mode: 0o600 });
  expect(() => readOrCreateSecret(path, make)).toThrow(/does not hold a key/);
});
