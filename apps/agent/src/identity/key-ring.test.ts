import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AgentId, ProjectId } from '@xem/protocol';
import { systemClock, systemIds } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { readCommandLine } from '../settings.ts';
import { readIdentity, writeIdentity, type Identity } from './identity.ts';
import { createKeyRing } from './key-ring.ts';
import { openKeys } from './keys.ts';

const ids = systemIds(systemClock());

/** The state folder of an agent that has enrolled. */
async function enrolled() {
  const stateDir = mkdtempSync(join(tmpdir(), 'xem-ring-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true }));
  const env = { XEM_STATE_DIR: stateDir, XEM_CONFIG: '/dev/null' };
  const { settings } = await readCommandLine({ argv: [], env });
  const { curve, signer } = openKeys(settings, ids);
  const identity: Identity = {
    agent_id: AgentId.parse(`agt_${'0'.repeat(24)}`),
    project_id: ProjectId.parse(`prj_${'0'.repeat(24)}`),
    registration_name: 'agent-01',
    curve_public_key: curve.publicKey,
    signing_public_key: signer.publicKey,
    data_endpoints: ['tcp://127.0.0.1:1'],
    router_curve_key: curve.publicKey,
    router_signing_key: signer.publicKey,
    lease_ttl_ms: 30_000,
    lease_renewal_interval_ms: 10_000,
    bindings: [],
  };
  writeIdentity(stateDir, identity);
  const path = (name: string): string => join(stateDir, name);
  /** What a process that starts now makes of the folder. */
  const start = () => {
    const known = readIdentity(stateDir);
    if (known === null) throw new Error('no identity');
    return createKeyRing({ stateDir, keys: openKeys(settings, ids), identity: known, ids });
  };
  return { path, start, stateDir, curve };
}

const keysOf = (ring: ReturnType<typeof createKeyRing>): string[] =>
  ring.curves().map(({ publicKey }) => publicKey);

const NEXT = 'agent-curve-key.hex.next';

test('keys.prepare puts the next key on disk for its owner only, and makes one only once', async () => {
  const { path, start, curve } = await enrolled();
  const ring = start();
  expect(keysOf(ring)).toEqual([curve.publicKey]);
  const next = ring.prepare();
  expect(statSync(path(NEXT)).mode & 0o777).toBe(0o600);
  expect(ring.prepare()).toBe(next);
  expect(keysOf(ring)).toEqual([next.publicKey, curve.publicKey]);
  expect(keysOf(start())).toEqual([next.publicKey, curve.publicKey]);
});

test('keys.settle leaves one key, in the file and in the identity', async () => {
  const { path, start, stateDir } = await enrolled();
  const ring = start();
  const { publicKey, secretKey } = ring.prepare();
  ring.settle(publicKey);
  expect(existsSync(path(NEXT))).toBe(false);
  expect(readIdentity(stateDir)?.curve_public_key).toBe(publicKey);
  expect(start().curves()).toEqual([{ publicKey, secretKey }]);
  expect(statSync(path('agent-curve-key.hex')).mode & 0o777).toBe(0o600);
});

test('keys.settle with the old key changes nothing', async () => {
  const { start, curve } = await enrolled();
  const ring = start();
  const next = ring.prepare();
  ring.settle(curve.publicKey);
  expect(keysOf(start())).toEqual([next.publicKey, curve.publicKey]);
});

test('keys.settle that was stopped after the identity is finished at the next start', async () => {
  const { path, start, stateDir } = await enrolled();
  const { publicKey } = start().prepare();
  const identity = readIdentity(stateDir);
  if (identity === null) throw new Error('no identity');
  writeIdentity(stateDir, { ...identity, curve_public_key: publicKey });
  expect(keysOf(start())).toEqual([publicKey]);
  expect(existsSync(path(NEXT))).toBe(false);
  expect(keysOf(start())).toEqual([publicKey]);
});

test('keys.discard forgets the next key', async () => {
  const { path, start, curve } = await enrolled();
  const ring = start();
  const first = ring.prepare();
  ring.discard();
  ring.discard();
  expect([existsSync(path(NEXT)), keysOf(ring)]).toEqual([false, [curve.publicKey]]);
  expect(ring.prepare().publicKey).not.toBe(first.publicKey);
});

test('keys.prepare that cannot write leaves the key that is there', async () => {
  const { path, start, curve } = await enrolled();
  const ring = start();
  mkdirSync(path(`agent-curve-key.hex.next.${process.pid}.tmp`));
  expect(() => ring.prepare()).toThrow(/EISDIR/);
  expect(keysOf(ring)).toEqual([curve.publicKey]);
});

test.each([
  [
    'is of another agent',
    'agent-curve-key.hex',
    `${'ab'.repeat(32)}\n`,
    /not those this agent enrolled with/,
  ],
  [
    'has other signing keys',
    'agent-signing-key.hex',
    `${'cd'.repeat(32)}\n`,
    /not those this agent enrolled/,
  ],
  ['has half a next key', NEXT, 'abab\n', /does not hold a key of 32 bytes/],
])('keys.open refuses a folder that %s', async (...[, name, text, words]) => {
  const { path, start } = await enrolled();
  writeFileSync(path(name), text, { mode: 0o600 });
  expect(start).toThrow(words);
});

test('keys.settle writes no key into the identity', async () => {
  const { path, start } = await enrolled();
  const ring = start();
  const { publicKey } = ring.prepare();
  const secret = readFileSync(path(NEXT), 'utf8').trim();
  ring.settle(publicKey);
  expect(readFileSync(path('identity.json'), 'utf8')).not.toContain(secret);
});
