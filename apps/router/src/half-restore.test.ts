import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HopelessStartError } from '@xem/runtime';
import { DATABASE_FILE } from '@xem/store';
import { expect, onTestFinished, test } from 'vitest';
import { assertNotHalfRestored, RESTORE_DRAFT, RESTORE_MARK } from './half-restore.ts';

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'xem-half-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  return dir;
}

test.each([
  ['nothing else', []],
  ['a database, which may be of before', [DATABASE_FILE]],
])('assertNotHalfRestored refuses a folder with the mark and %s', (_, files) => {
  const dir = folder();
  for (const name of [RESTORE_MARK, ...files]) writeFileSync(join(dir, name), '');
  expect(() => assertNotHalfRestored(dir)).toThrow(HopelessStartError);
});

test.each([
  ['an empty folder', [], []],
  ['a database', [], [DATABASE_FILE]],
  ['a database whose restore replaced nothing yet', [RESTORE_DRAFT], [DATABASE_FILE]],
])('assertNotHalfRestored lets a router start over %s', (_, folders, files) => {
  const dir = folder();
  for (const name of folders) mkdirSync(join(dir, name));
  for (const name of files) writeFileSync(join(dir, name), '');
  expect(() => assertNotHalfRestored(dir)).not.toThrow();
});
