import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HopelessStartError } from '@xem/runtime';
import { DATABASE_FILE } from '@xem/store';
import { expect, onTestFinished, test } from 'vitest';
import { assertNotHalfRestored, RESTORE_DRAFT } from './half-restore.ts';

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'xem-half-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

test('assertNotHalfRestored refuses a folder with a draft and no database', () => {
  const dir = folder();
  mkdirSync(join(dir, RESTORE_DRAFT));
  expect(() => assertNotHalfRestored(dir)).toThrow(HopelessStartError);
});

test.each([
  ['an empty folder', [], []],
  ['a database', [], [DATABASE_FILE]],
  ['a database whose restore did not get far', [RESTORE_DRAFT], [DATABASE_FILE]],
])('assertNotHalfRestored lets a router start over %s', (_, folders, files) => {
  const dir = folder();
  for (const name of folders) mkdirSync(join(dir, name));
  for (const name of files) writeFileSync(join(dir, name), '');
  expect(() => assertNotHalfRestored(dir)).not.toThrow();
});
