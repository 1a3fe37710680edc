import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Builtin, BuiltinContext } from '../builtin.ts';
import { hostDiskUsage } from './host-disk-usage.ts';
import { hostInfo } from './host-info.ts';
import { hostProcesses } from './host-processes.ts';

const CONTEXT: BuiltinContext = {
  signal: new AbortController().signal,
  root: '/srv',
  env: {},
  outputBytesMax: 1_000_000,
};

const ask = async (builtin: Builtin, args: Record<string, unknown> = {}): Promise<unknown> =>
  JSON.parse(String((await builtin(args, CONTEXT)).stdout));

test('host_info tells the host and nothing of its environment', async () => {
  const info = await ask(hostInfo);
  expect(info).toMatchObject({ hostname: hostname(), os: 'linux', node_version: process.version });
  expect(JSON.stringify(info)).not.toContain(process.env['PATH']);
});

test('host_disk_usage tells every file system, or one', async () => {
  const { file_systems: all } = z
    .object({
      file_systems: z.array(z.object({ path: z.string(), size_bytes: z.number(), used_bytes: z.number() })),
    })
    .parse(await ask(hostDiskUsage));
  expect(all.map(({ path }) => path)).toContain('/');
  expect(await ask(hostDiskUsage, { path: '/' })).toMatchObject({
    file_systems: [{ path: '/', size_bytes: all.find(({ path }) => path === '/')?.size_bytes }],
  });
});

test('host_disk_usage fails for a path that is not there', async () => {
  await expect(ask(hostDiskUsage, { path: '/no/such/path' })).rejects.toThrow('ENOENT');
});

const Processes = z.object({
  total: z.number(),
  processes: z.array(z.object({ pid: z.number(), name: z.string(), memory_bytes: z.number() })),
});

test('host_processes lists processes in the order asked for', async () => {
  const byPid = Processes.parse(await ask(hostProcesses, { sort_by: 'pid', limit: 1000 }));
  expect(byPid.processes.map(({ pid }) => pid)).toContain(process.pid);
  expect(byPid.processes[0]?.pid).toBe(1);
  const [first, second] = Processes.parse(await ask(hostProcesses, { limit: 2 })).processes;
  expect(first?.memory_bytes).toBeGreaterThanOrEqual(second?.memory_bytes ?? Infinity);
});

test('host_processes filters by name and counts what it leaves out', async () => {
  const { total, processes } = Processes.parse(await ask(hostProcesses, { limit: 1 }));
  expect(processes).toHaveLength(1);
  expect(total).toBeGreaterThan(1);
  expect(await ask(hostProcesses, { name: 'no-such-process' })).toEqual({ total: 0, processes: [] });
});
