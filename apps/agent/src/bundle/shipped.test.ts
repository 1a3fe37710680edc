import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson, Manifest, toolAlias } from '@xem/protocol';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBundleRig, SHIPPED_BUNDLES, type BundleRig } from '../testing/bundle-rig.ts';
import { collect, outcome } from '../testing/run-rig.ts';
import type { Bundles } from './load.ts';

let rig: BundleRig;
let bundles: Bundles;
beforeEach(() => {
  rig = openBundleRig();
  bundles = rig.load({ toolsDir: SHIPPED_BUNDLES });
});
afterEach(() => rig.close());

const call = (tool: string, args: Record<string, unknown> = {}) => rig.call(bundles, tool, args);

const OWN_DOMAINS = new Set(['demo', 'host']);

test('the bundles demo and host declare these tools and risks', () => {
  const own = bundles.tools.filter(({ domain }) => OWN_DOMAINS.has(domain));
  const risks = Object.fromEntries(own.map(({ name, risk }) => [name, risk]));
  expect(risks).toEqual({
    demo_echo: 'read',
    demo_effect: 'destructive',
    demo_fail: 'read',
    demo_flood: 'read',
    demo_noop: 'read',
    demo_sleep: 'read',
    demo_stubborn: 'read',
    demo_wipe: 'irreversible',
    file_read: 'read',
    file_write: 'write',
    host_disk_usage: 'read',
    host_info: 'read',
    host_processes: 'read',
    service_restart: 'destructive',
    service_status: 'read',
  });
});

test('the shipped bundles make a manifest, and show models their tools but for those of conformance', () => {
  const manifest = { manifest_version: 1, workspaces: [], tools: [...bundles.tools] };
  expect(Manifest.parse(manifest)).toEqual(manifest);
  for (const tool of bundles.tools) {
    expect(tool.mcp.visible).toBe(tool.domain !== 'conformance');
    expect(toolAlias(tool)).toBe(tool.name.replaceAll('.', '_'));
  }
});

test.each([['demo_echo'], ['demo_noop']])('%s answers its arguments as canonical JSON', async (tool) => {
  const args = { z: [1.5, null], a: { y: 'ü\n', x: 1e21 } };
  const run = call(tool, args);
  expect(run.pid === null).toBe(tool === 'demo_noop');
  const { stdout, stderr, end } = await outcome(run);
  expect({ stdout, stderr }).toEqual({ stdout: canonicalJson(args), stderr: '' });
  expect(end).toMatchObject({ status: 'completed', exit_code: 0 });
});

test('demo_sleep sleeps', async () => {
  const { end } = await outcome(call('demo_sleep', { seconds: 0.1 }));
  expect(end.status).toBe('completed');
  expect(end.duration_ms).toBeGreaterThanOrEqual(100);
});

test.each([
  [{}, 1, 'failed'],
  [{ exit_code: 42, stderr: 'a\0b -x\n' }, 42, 'a\0b -x\n'],
])('demo_fail %j fails as told', async (...[args, exitCode, text]) => {
  const { stderr, end } = await outcome(call('demo_fail', args));
  expect(end).toMatchObject({ status: 'failed', exit_code: exitCode });
  expect(stderr).toBe(text);
});

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const charAt = (index: number): number => ALPHABET.codePointAt(index % 62) ?? 0;

/** The bytes of `demo_flood`, from its description. */
const PATTERNS = {
  binary: (i: number) => (i ^ (i >>> 8) ^ (i >>> 16) ^ (i >>> 24)) & 255,
  text: (i: number) => (i % 64 === 63 ? 10 : charAt(Math.floor(i / 64) + (i % 64))),
  line: (i: number) => charAt(i),
};

const flood = (pattern: keyof typeof PATTERNS, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = PATTERNS[pattern](i);
  return bytes;
};

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test.each([
  ['binary', 0],
  ['binary', 65_537],
  ['binary', 18_000_003],
  ['text', 2_200_001],
  ['line', 2_200_001],
] as const)('demo_flood writes %s of %i bytes that can be computed again', async (...[pattern, bytes]) => {
  const run = call('demo_flood', { bytes, pattern });
  expect(await run.ended).toMatchObject({ status: 'completed' });
  expect(await run.stdout.summary()).toEqual({
    bytes,
    sha256: sha256(flood(pattern, bytes)),
    truncated: false,
    masked: 0,
  });
  expect(await run.stderr.summary()).toMatchObject({ bytes: 0 });
});

test.each([
  ['stdout', 70_000, 0],
  ['stderr', 0, 70_000],
  ['both', 70_000, 70_000],
])('demo_flood writes to %s', async (...[stream, stdout, stderr]) => {
  const run = call('demo_flood', { bytes: 70_000, stream });
  expect(await run.stdout.summary()).toMatchObject({ bytes: stdout });
  expect((await collect(run.stderr)).equals(flood('binary', stderr))).toBe(true);
});

test('demo_stubborn ends of SIGKILL only', async () => {
  const run = call('demo_stubborn', { seconds: 60 });
  for await (const { bytes } of run.stdout.read()) {
    expect(bytes.toString()).toBe('ignoring SIGTERM\n');
    break;
  }
  run.cancel('asked');
  expect(await run.ended).toMatchObject({ status: 'cancelled', exit_code: 137, signal: 'SIGKILL' });
});

test('demo_stubborn ends by itself when it is left alone', async () => {
  expect(await call('demo_stubborn', { seconds: 0.05 }).ended).toMatchObject({ status: 'completed' });
});

test.each([['demo_effect'], ['demo_wipe']])('%s appends a whole line to the effect log', async (tool) => {
  const args = { target: 'db-1', big: 'x'.repeat(100_000) };
  const runs = Array.from({ length: 4 }, () => call(tool, args));
  const outcomes = await Promise.all(runs.map(outcome));
  const lines = readFileSync(`${rig.folder}/effects.log`, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(4);
  expect(lines.toSorted()).toEqual(outcomes.map(({ stdout }) => stdout.trim()).toSorted());
  for (const line of lines) {
    expect(JSON.parse(line)).toEqual({
      invocation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      attempt: 1,
      args,
    });
  }
});

test('demo_effect fails without an effect log', async () => {
  bundles = rig.load({ toolsDir: SHIPPED_BUNDLES, env: { PATH: process.env['PATH'] } });
  const { stderr, end } = await outcome(call('demo_effect'));
  expect(end).toMatchObject({ status: 'failed', exit_code: 1 });
  expect(stderr).toContain('XEM_EFFECT_LOG');
});

test.each([
  ['demo_sleep', { seconds: -1 }],
  ['demo_fail', { exit_code: 0 }],
  ['demo_fail', { exit_code: 256 }],
  ['demo_flood', { bytes: 1.5 }],
  ['demo_flood', { bytes: 1, pattern: 'noise' }],
  ['file_read', {}],
  ['service_restart', { service: '--all' }],
])('%s refuses %j', (tool, args) => {
  expect(() => call(tool, args)).toThrow(expect.objectContaining({ code: 'agent_refused' }));
});

test('the host tools run as they are shipped', async () => {
  await outcome(call('file_write', { path: 'a.txt', content: 'hello' }));
  expect((await outcome(call('file_read', { path: 'a.txt' }))).stdout).toBe('hello');
  expect((await outcome(call('file_read', { path: '../effects.log' }))).end.exit_code).toBe(1);
  for (const tool of ['host_info', 'host_disk_usage', 'host_processes']) {
    expect((await outcome(call(tool))).end).toMatchObject({ status: 'completed', exit_code: 0 });
  }
});
