import { readFileSync } from 'node:fs';
import { canonicalJson, InvocationId, sha256Hex } from '@xem/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBundleRig, SHIPPED_BUNDLES, type BundleRig } from '../testing/bundle-rig.ts';
import { carriersOf, collect, outcome } from '../testing/run-rig.ts';
import { readStat } from '../run/process-table.ts';
import type { Bundles } from './load.ts';

let rig: BundleRig;
let bundles: Bundles;
beforeEach(() => {
  rig = openBundleRig();
  bundles = rig.load({ toolsDir: SHIPPED_BUNDLES });
});
afterEach(() => rig.close());

const start = (tool: string, args: Record<string, unknown> = {}) =>
  rig.call(bundles, `conformance_${tool}`, args);
const call = (...given: Parameters<typeof start>) => outcome(start(...given));

const sizeOf = (bytes: number): Buffer =>
  Buffer.from(Array.from({ length: bytes }, (_, index) => index % 251));

test('conformance_echo answers the arguments as canonical JSON', async () => {
  const args = { z: [1.5, null, 'ü\n'], a: { y: 1e21 } };
  const run = start('echo', args);
  expect((await collect(run.stdout)).toString()).toBe(canonicalJson(args));
  expect((await run.stdout.summary()).sha256).toBe(sha256Hex(canonicalJson(args)));
});

test.each([
  [{}, '', '', 0],
  [{ stdout: 'AAH/Cg==', stderr: 'gICA', status: 0 }, '0001ff0a', '808080', 0],
  [{ stderr: 'AA==', status: 255 }, '', '00', 255],
])('conformance_streams writes exactly %j', async (...[args, stdout, stderr, status]) => {
  const run = start('streams', args);
  expect((await collect(run.stdout)).toString('hex')).toBe(stdout);
  expect((await collect(run.stderr)).toString('hex')).toBe(stderr);
  expect(await run.ended).toMatchObject({ exit_code: status, status: status === 0 ? 'completed' : 'failed' });
});

test.each([
  [0, 0],
  [1, 250],
  [251, 252],
  [65_537, 0],
  [0, 200_000],
])('conformance_size writes %i and %i bytes that can be computed again', async (stdout, stderr) => {
  const run = start('size', { stdout, stderr });
  expect((await collect(run.stdout)).equals(sizeOf(stdout))).toBe(true);
  expect((await collect(run.stderr)).equals(sizeOf(stderr))).toBe(true);
});

test.each([
  [1000, 'completed', null],
  [1001, 'failed', 'output_limit_exceeded'],
])('conformance_limit with %i bytes is %s', async (...[stdout, status, code]) => {
  const run = start('limit', { stdout });
  expect((await collect(run.stdout)).equals(sizeOf(1000))).toBe(true);
  const end = await run.ended;
  expect([end.status, end.error?.code ?? null]).toEqual([status, code]);
});

test('conformance_steps writes step by step', async () => {
  expect((await call('steps', { count: 3, pause_ms: 1 })).stdout).toBe('0\n1\n2\n');
});

test.each([
  [false, 'SIGTERM'],
  [true, 'SIGKILL'],
])('conformance_sleep, stubborn %s, ends of %s', async (stubborn, signal) => {
  const run = start('sleep', { seconds: 600, stubborn });
  for await (const { bytes } of run.stdout.read()) {
    expect(bytes.toString()).toBe('ready\n');
    break;
  }
  run.cancel('asked');
  expect(await run.ended).toMatchObject({ status: 'cancelled', signal });
});

test('conformance_hurry runs out of time', async () => {
  expect((await call('hurry', { seconds: 60 })).end).toMatchObject({
    status: 'timeout',
    error: { code: 'tool_timeout' },
  });
});

test.each(['SIGKILL', 'SIGTERM', 'SIGABRT', 'SIGSEGV'])('conformance_signal ends by %s', async (signal) => {
  expect((await call('signal', { signal })).end).toMatchObject({ status: 'failed', signal });
});

test('conformance_orphan leaves nothing behind', async () => {
  const run = start('orphan');
  const { stdout } = await outcome(run);
  expect(readStat(Number(stdout))?.alive ?? false).toBe(false);
  expect(carriersOf(run.key)).toEqual([]);
});

test('conformance_environment tells the variables of the run', async () => {
  const run = start('environment');
  const { stdout } = await outcome(run);
  expect(JSON.parse(stdout)).toMatchObject({
    XEM_EXECUTION_ID: run.key.execution_id,
    XEM_ATTEMPT: '1',
    TRACEPARENT: null,
    names: expect.not.arrayContaining(['XEM_EFFECT_LOG', 'SECRET_OF_AGENT']),
  });
});

test('conformance_secret is masked, also where it comes in two pieces', async () => {
  rig.writeCredentials('default', 'CONFORMANCE_SECRET=a-long-secret\n');
  bundles = rig.load({ toolsDir: SHIPPED_BUNDLES });
  const begin = bundles.find('conformance_secret')?.prepare({ args: {}, credentialsRef: 'default' });
  const key = rig.runs.newKey();
  const run = begin?.({ key, invocationId: InvocationId.parse(key.execution_id), timeoutMs: 10_000 });
  expect(run && (await outcome(run)).stdout).toBe('*'.repeat(2 * 'a-long-secret'.length));
});

test.each(['write', 'destroy', 'erase'])(
  'conformance_%s appends one line to the effect log',
  async (tool) => {
    const { stdout } = await call(tool, { target: 'x' });
    expect(readFileSync(`${rig.folder}/effects.log`, 'utf8')).toBe(stdout);
    expect(JSON.parse(stdout)).toMatchObject({ attempt: 1, args: { target: 'x' } });
  },
);
