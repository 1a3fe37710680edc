import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROGRAM = fileURLToPath(new URL('testing/stoppable-program.ts', import.meta.url));

async function started(...args: readonly string[]): Promise<ChildProcess> {
  const child = fork(PROGRAM, args);
  await once(child, 'message');
  return child;
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('stopOnSignals ends well on %s', async (signal) => {
  const child = await started();
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('stopOnSignals ends well when the supervisor goes away', async () => {
  const child = await started();
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('stopOnSignals does not end on SIGHUP when the program has a use for it', async () => {
  const child = await started('1000', 'closes', 'hears');
  child.kill('SIGHUP');
  expect(await once(child, 'message')).toEqual(['SIGHUP', undefined]);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('stopOnSignals ends with status 1 when closing takes too long', async () => {
  const child = await started('20', 'hangs');
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([1, null]);
});
