import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createMask } from '../../run/mask.ts';
import { groupExists, signal } from '../../run/process-table.ts';
import { stdioTransport } from './stdio-transport.ts';

const HOST = fileURLToPath(new URL('../../testing/mcp/doomed-host.ts', import.meta.url));
const Told = z.object({ pid: z.int() });
const PATH = process.env['PATH'] ?? '';

const clock = systemClock();

const start = (script: string, secrets: readonly string[] = []) =>
  stdioTransport(
    { kind: 'stdio', argv: ['/bin/sh', '-c', script], env: { PATH }, cwd: '/' },
    { clock, mask: createMask(secrets) },
  );

test('a server ends with the process that started it, even one that is killed, and takes its children along', async () => {
  const host = fork(HOST, ['/bin/sh', '-c', `trap '' TERM HUP; sleep 600 & sleep 600`]);
  const [told]: unknown[] = await once(host, 'message');
  const { pid } = Told.parse(told);
  onTestFinished(() => void signal(-pid, 'SIGKILL'));
  expect(groupExists(pid)).toBe(true);
  host.kill('SIGKILL');
  while (groupExists(pid)) await clock.sleep(5);
});

test.each([
  ['exit 7', 'ended with status 7'],
  [
    'echo first >&2; echo the key is secret-of-vault >&2; exit 1',
    'ended with status 1: the key is ***************',
  ],
  ['kill -9 $$', 'ended by SIGKILL'],
])('a server that ends by itself tells how: %s', async (script, how) => {
  expect(await start(script, ['secret-of-vault']).ended).toBe(how);
});

test('a server that is closed ends, with all of its group', async () => {
  const transport = start('sleep 600 & exec cat');
  const pid = transport.pid ?? 0;
  await transport.start();
  await transport.close();
  await transport.ended;
  while (groupExists(pid)) await clock.sleep(5);
  await expect(transport.send({ jsonrpc: '2.0', method: 'x' })).rejects.toThrow('has ended');
});

test('a message that is too large ends the connection', async () => {
  const transport = start('head -c 40000000 /dev/zero; sleep 600');
  let why = '';
  Object.assign(transport, { onerror: (err: Error) => void (why = err.message) });
  await transport.start();
  await transport.ended;
  expect(why).toContain('maximum size');
});
