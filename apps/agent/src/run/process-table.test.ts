import { HOUR_MS } from '@xem/protocol';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  ageOf,
  carries,
  groupExists,
  lastPid,
  listProcesses,
  readStat,
  startedSince,
} from './process-table.ts';

const PID_MAX = 32_768;

test('readStat tells one process from another', () => {
  const stat = readStat(process.pid);
  expect(stat).toMatchObject({ alive: true, isBare: false });
  expect(ageOf(stat?.startTicks ?? 0)).toBeLessThan(HOUR_MS);
  expect(readStat(1)?.startTicks).toBeLessThan(stat?.startTicks ?? 0);
});

test('readStat knows nothing of a process that is not there', () => {
  expect(readStat(PID_MAX * 1000)).toBeNull();
  expect(groupExists(PID_MAX * 1000)).toBe(false);
});

test('readStat takes a zombie for dead', async () => {
  const stdio = ['ignore', 'pipe', 'ignore'] as const;
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: [...stdio] });
  const child = Number(await new Promise((resolve) => parent.stdout?.once('data', resolve)));
  await expect.poll(() => readFileSync(`/proc/${parent.pid}/comm`, 'utf8')).toBe('sleep\n');
  process.kill(child, 'SIGKILL');
  await expect.poll(() => readStat(child)?.alive).toBe(false);
  expect(await carries(child, 'PATH=/')).toBe(false);
  parent.kill('SIGKILL');
});

test.each([
  ['a young process', 0],
  ['an old process', HOUR_MS],
])('startedSince finds what was started since %s', (_, ageMs) => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const found = startedSince((child.pid ?? 0) - 3, ageMs, PID_MAX);
  child.kill('SIGKILL');
  expect(found).toContain(child.pid);
  expect(found.includes(1)).toBe(ageMs > 0);
});

test('startedSince looks on both sides when pids have come round', () => {
  const found = startedSince(lastPid() + 2, 0, PID_MAX);
  expect(found).toContain(1);
});

test('listProcesses lists nothing where there is no /proc', () => {
  expect(listProcesses(0)).toEqual([]);
  expect(listProcesses(PID_MAX)).toContain(process.pid);
});

test('carries finds an entry behind a large environment', async () => {
  const env = { PADDING: 'x'.repeat(100_000), XEM_PROBE: 'abc', PATH: process.env['PATH'] };
  const child = spawn('sleep', ['60'], { stdio: 'ignore', env });
  await expect.poll(() => carries(child.pid ?? 0, 'XEM_PROBE=abc')).toBe(true);
  child.kill('SIGKILL');
});

test.each([
  ['the entry', 'XEM_PROBE=abc', true],
  ['the entry with more behind it', 'XEM_PROBE=ab', false],
  ['the entry with more before it', 'PROBE=abc', false],
])('carries looks for %s', async (...[, entry, expected]) => {
  const child = spawn('sleep', ['60'], {
    stdio: 'ignore',
    env: { XEM_PROBE: 'abc', PATH: process.env['PATH'] },
  });
  await expect.poll(() => carries(child.pid ?? 0, 'XEM_PROBE=abc')).toBe(true);
  expect(await carries(child.pid ?? 0, entry)).toBe(expected);
  child.kill('SIGKILL');
});

test('carries knows at once that a program without any environment has no entry', async () => {
  const child = spawn('/usr/bin/env', ['-i', '/bin/sleep', '60'], { stdio: 'ignore' });
  const pid = child.pid ?? 0;
  await expect.poll(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toMatch(/^\/bin\/sleep\0/);
  expect(readStat(pid)).toMatchObject({ alive: true, isBare: true });
  expect(await carries(pid, 'PATH=/')).toBe(false);
  child.kill('SIGKILL');
});
