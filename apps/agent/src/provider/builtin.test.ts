import { createHash } from 'node:crypto';
import { AttemptKey, InvocationId } from '@xem/protocol';
import { silentLog } from '@xem/runtime';
import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { createMask, NO_MASK } from '../run/mask.ts';
import { collect } from '../testing/run-rig.ts';
import { openRunRig } from '../testing/run-rig.ts';
import { answer, builtinProvider, failure, type Builtin } from './builtin.ts';
import { createMcpServers } from './mcp/servers.ts';

const EXECUTION_ID = '01930000-0000-7000-8000-000000000001';

function start(builtin: Builtin, fields: { secrets?: string[]; outputBytesMax?: number } = {}) {
  const clock = virtualClock();
  const rig = openRunRig();
  const mask = fields.secrets ? createMask(fields.secrets) : NO_MASK;
  const servers = createMcpServers({ clock, log: silentLog, version: '0.0.0' });
  const ctx = {
    runner: rig.runner,
    servers,
    clock,
    log: silentLog,
    env: {},
    mask,
    toolsChanged: () => undefined,
  };
  const run = builtinProvider(ctx, builtin, '/srv')({ args: { a: 1 }, credentials: {} })({
    key: AttemptKey.parse({ execution_id: EXECUTION_ID, attempt: 1 }),
    invocationId: InvocationId.parse(EXECUTION_ID),
    timeoutMs: 1000,
    outputBytesMax: fields.outputBytesMax ?? 1_000_000,
    traceparent: null,
  });
  return { run, clock, spool: rig.runner.list(), close: () => rig.close() };
}

const never: Builtin = (_, { signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });

test.each<[string, Builtin]>([
  ['at once', (args) => answer(JSON.stringify(args))],
  ['later', async (args) => answer(JSON.stringify(args))],
])('builtin runs a function that answers %s, without a spool', async (_, builtin) => {
  const { run, spool, close } = start(builtin);
  expect(run.pid).toBeNull();
  expect(await run.ended).toMatchObject({ status: 'completed', ended_by: 'exit', exit_code: 0, error: null });
  expect((await collect(run.stdout)).toString()).toBe('{"a":1}');
  expect((await collect(run.stdout, 3)).toString()).toBe('":1}');
  expect(await run.stdout.summary()).toEqual({
    bytes: 7,
    sha256: createHash('sha256').update('{"a":1}').digest('hex'),
    truncated: false,
    masked: 0,
  });
  expect(await run.stderr.summary()).toMatchObject({ bytes: 0 });
  expect(spool).toEqual([]);
  await close();
});

test.each<[string, Builtin]>([
  ['fails', () => failure('no such thing')],
  [
    'throws',
    () => {
      throw new Error('no such thing');
    },
  ],
  ['rejects', () => Promise.reject(new Error('no such thing'))],
])('builtin reports a function that %s', async (_, builtin) => {
  const { run, close } = start(builtin);
  expect(await run.ended).toMatchObject({
    status: 'failed',
    exit_code: 1,
    error: { code: 'tool_exit_nonzero' },
  });
  expect((await collect(run.stderr)).toString()).toBe('no such thing\n');
  await close();
});

test('builtin masks and cuts what a function answers', async () => {
  const { run, close } = start(() => answer('pw=hunter22; hunter'), {
    secrets: ['hunter22'],
    outputBytesMax: 17,
  });
  expect(await run.ended).toMatchObject({ status: 'failed', ended_by: 'limit' });
  expect((await collect(run.stdout)).toString()).toBe('pw=********; ****');
  expect(await run.stdout.summary()).toMatchObject({ bytes: 17, truncated: true, masked: 12 });
  await close();
});

test('builtin gives large output in pieces', async () => {
  const { run, close } = start(() => answer('x'.repeat(150_000)));
  const sizes: number[] = [];
  for await (const { bytes } of run.stdout.read()) sizes.push(bytes.length);
  expect(sizes).toEqual([65_536, 65_536, 18_928]);
  await close();
});

test('builtin ends a function whose time is up', async () => {
  const { run, clock, close } = start(never);
  await clock.advance(999);
  await clock.advance(1);
  expect(await run.ended).toMatchObject({ status: 'timeout', ended_by: 'timeout', duration_ms: 1000 });
  await close();
});

test('run.cancel ends a function', async () => {
  const { run, close } = start(never);
  run.cancel('asked');
  run.cancel('again');
  expect(await run.ended).toMatchObject({
    status: 'cancelled',
    ended_by: 'cancel',
    error: null,
    survivors: [],
  });
  await close();
});

test('run.cancel reports a function that does not listen', async () => {
  const { run, clock, close } = start(() => new Promise(() => undefined));
  run.cancel('asked');
  await clock.advance(5000);
  expect(await run.ended).toMatchObject({ status: 'cancelled', error: { code: 'cancel_unconfirmed' } });
  await close();
});
