import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keyFolder } from '../testing/key-folder.ts';
import { readIdentity, writeIdentity } from './identity.ts';
import type { KeyRing } from './key-ring.ts';

const keysOf = (ring: KeyRing): string[] => ring.curves().map(({ publicKey }) => publicKey);

const NEXT = 'agent-curve-key.hex.next';

test('keys.prepare puts the next key on disk for its owner only, and makes one only once', async () => {
  const { path, start, curve } = await keyFolder();
  const ring = start();
  expect(keysOf(ring)).toEqual([curve.publicKey]);
  const next = ring.prepare();
  expect(statSync(path(NEXT)).mode & 0o777).toBe(0o600);
  expect(ring.prepare()).toBe(next);
  expect(keysOf(ring)).toEqual([next.publicKey, curve.publicKey]);
  expect(keysOf(start())).toEqual([next.publicKey, curve.publicKey]);
});

test('keys.settle leaves one key, in the file and in the identity', async () => {
  const { path, start, stateDir } = await keyFolder();
  const ring = start();
  const { publicKey, secretKey } = ring.prepare();
  ring.settle(publicKey);
  expect(existsSync(path(NEXT))).toBe(false);
  expect(readIdentity(stateDir)?.curve_public_key).toBe(publicKey);
  expect(start().curves()).toEqual([{ publicKey, secretKey }]);
  expect(statSync(path('agent-curve-key.hex')).mode & 0o777).toBe(0o600);
});

test('keys.settle with the old key changes nothing', async () => {
  const { start, curve } = await keyFolder();
  const ring = start();
  const next = ring.prepare();
  ring.settle(curve.publicKey);
  expect(keysOf(start())).toEqual([next.publicKey, curve.publicKey]);
});

test('keys.settle that was stopped after the identity is finished at the next start', async () => {
  const { path, start, stateDir } = await keyFolder();
  const { publicKey } = start().prepare();
  const identity = readIdentity(stateDir);
  if (identity === null) throw new Error('no identity');
  writeIdentity(stateDir, { ...identity, curve_public_key: publicKey });
  expect(keysOf(start())).toEqual([publicKey]);
  expect(existsSync(path(NEXT))).toBe(false);
  expect(keysOf(start())).toEqual([publicKey]);
});

test('keys.discard forgets the next key', async () => {
  const { path, start, curve } = await keyFolder();
  const ring = start();
  const first = ring.prepare();
  ring.discard();
  ring.discard();
  expect([existsSync(path(NEXT)), keysOf(ring)]).toEqual([false, [curve.publicKey]]);
  expect(ring.prepare().publicKey).not.toBe(first.publicKey);
});

test('keys.prepare that cannot write leaves the key that is there', async () => {
  const { path, start, curve } = await keyFolder();
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
  const { path, start } = await keyFolder();
  writeFileSync(path(name), text, { mode: 0o600 });
  expect(start).toThrow(words);
});

test('keys.settle writes no key into the identity', async () => {
  const { path, start } = await keyFolder();
  const ring = start();
  const { publicKey } = ring.prepare();
  const secret = readFileSync(path(NEXT), 'utf8').trim();
  ring.settle(publicKey);
  expect(readFileSync(path('identity.json'), 'utf8')).not.toContain(secret);
});
