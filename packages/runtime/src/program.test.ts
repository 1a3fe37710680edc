import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('testing/failing-program.ts', import.meta.url));

test.each([
  { why: 'setting', status: 78, stderr: 'failing: --port: not a number\n' },
  { why: 'other', status: 1, stderr: 'failing: no luck\n' },
])('runProgram ends with $status and one line when it fails to start ($why)', ({ why, status, stderr }) => {
  const ended = spawnSync(process.execPath, [PROGRAM, why], { encoding: 'utf8' });
  expect(ended).toMatchObject({ status, stderr, stdout: '' });
});
