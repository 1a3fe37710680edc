import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { launchersAbove, watchLaunchers } from './launcher.ts';
import { readProcess, type ProcessRow } from './process-table.ts';

/** A chain of processes, nearest first: pid 100, its parent 101 and so on. */
const chainOf = (commands: readonly string[]): ((pid: number) => ProcessRow | null) => {
  const rows = commands.map((command, at) => ({
    pid: 100 + at,
    parent: 101 + at,
    started: at,
    words: command.split(' '),
  }));
  return (pid) => rows[pid - 100] ?? null;
};

test.each([
  ['a shell at a terminal', ['-bash'], []],
  ['a script with nothing above it', ['sh -c node-tools', 'bash'], []],
  ['pnpm', ['sh -c node', 'pnpm dev', 'bash'], [100, 101]],
  [
    'npx, with the shells between',
    ['sh -c a', 'pnpm dev', "sh -c 'pnpm'", 'npm exec pnpm@12', 'zsh'],
    [100, 101, 102, 103],
  ],
  [
    'npx below a script that may end',
    ['sh -c a', 'pnpm dev', 'sh -c b', 'npm exec x', 'sh ci.sh', 'bash'],
    [100, 101, 102, 103],
  ],
  ['pnpm as a script of Node', ['sh -c a', '/usr/bin/node /opt/pnpm/bin/pnpm.cjs dev', 'make'], [100, 101]],
  ['npx as a script of Node', ['sh -c a', 'node /usr/lib/npm/bin/npx-cli.js pnpm', 'init'], [100, 101]],
  ['a program that only names pnpm later', ['vim notes about pnpm'], []],
])('launchersAbove finds %s', (_what, commands, pids) => {
  expect(launchersAbove(100, chainOf(commands)).map(({ pid }) => pid)).toEqual(pids);
});

test('watchLaunchers tells of a launcher that is gone, once', async () => {
  const clock = virtualClock();
  const child = spawn('sleep', ['60']);
  const row = readProcess(child.pid ?? 0);
  let told = 0;
  watchLaunchers(clock, row ? [row] : [], () => (told += 1));
  await clock.advance(1000);
  expect(told).toBe(0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await clock.advance(1000);
  expect(told).toBe(1);
});

test('readProcess answers null for a pid without a process', () => {
  expect(readProcess(2 ** 22 + 1)).toBeNull();
});
