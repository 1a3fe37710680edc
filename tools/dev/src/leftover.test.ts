import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { awaitLeftovers, killBelow } from './leftover.ts';
import { readProcess } from './process-table.ts';
import { temporaryPlace } from './testing/fake-mesh.ts';

test('killBelow ends what works below a folder and nothing beside it', async () => {
  using place = temporaryPlace();
  mkdirSync(join(place.agentDir, 'spool'), { recursive: true });
  mkdirSync(`${place.agentDir}-beside`);
  const below = spawn('sleep', ['60'], { cwd: join(place.agentDir, 'spool') });
  const beside = spawn('sleep', ['60'], { cwd: `${place.agentDir}-beside` });
  killBelow(place.agentDir);
  expect(await once(below, 'exit')).toEqual([null, 'SIGKILL']);
  expect(beside.exitCode).toBeNull();
  beside.kill('SIGTERM');
  expect(await once(beside, 'exit')).toEqual([null, 'SIGTERM']);
});

test('awaitLeftovers kills what does not stop by itself within five seconds', async () => {
  const clock = virtualClock();
  const child = spawn('sleep', ['60']);
  const exited = once(child, 'exit');
  const name = readProcess(child.pid ?? 0);
  const waited = awaitLeftovers(clock, name ? [name] : []);
  for (let ms = 0; ms < 5000; ms += 100) await clock.advance(100);
  await waited;
  expect(await exited).toEqual([null, 'SIGKILL']);
});

test('awaitLeftovers leaves a later process with the same pid alone', async () => {
  const child = spawn('sleep', ['60']);
  const pid = child.pid ?? 0;
  await awaitLeftovers(virtualClock(), [{ pid, started: 1 }]);
  expect(readProcess(pid)).not.toBeNull();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([null, 'SIGTERM']);
});
