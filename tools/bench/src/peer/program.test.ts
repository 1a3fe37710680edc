import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { findProgram } from './program.ts';

function folderWith(...programs: readonly string[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'xem-bench-program-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  for (const program of programs) {
    mkdirSync(join(dir, program, '..'), { recursive: true });
    writeFileSync(join(dir, program), '');
  }
  return dir;
}

test('program is taken from PATH first', () => {
  const dir = folderWith('bin/postgres', '15/bin/postgres');
  expect(findProgram('postgres', `/nowhere:${dir}/bin`, `${dir}/*/bin`)).toBe(`${dir}/bin/postgres`);
});

test('program that is not on PATH is taken from its own place, the newest of them', () => {
  const dir = folderWith('15/bin/postgres', '17/bin/postgres');
  expect(findProgram('postgres', '/nowhere', `${dir}/*/bin`)).toBe(`${dir}/17/bin/postgres`);
});

test('program that is nowhere is null', () => {
  expect(findProgram('postgres', '/nowhere', folderWith())).toBeNull();
});
