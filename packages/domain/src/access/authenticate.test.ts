import { expect, test } from 'vitest';
import { apiKey } from '../verbs.ts';
import { inWorld, type TestWorld } from '../testing/index.ts';
import { authenticate } from './authenticate.ts';

const mintFor = async (world: TestWorld, expiresInSeconds?: number) =>
  apiKey.create(world.operator, {
    principal_id: world.operator.caller.principal.id,
    name: 'second',
    scopes: ['execution'],
    can_decide: false,
    ...(expiresInSeconds !== undefined && { expires_in_seconds: expiresInSeconds }),
  });

test('authenticate tells who holds a key, and what it may do', () =>
  inWorld(async ({ services, seed }) => {
    const caller = await authenticate(services, seed.keys.service);
    expect(caller.principal).toMatchObject({ kind: 'service', name: 'service' });
    expect(caller.project).toMatchObject({ id: seed.project_id, slug: 'demo' });
    expect(caller.credential).toMatchObject({ kind: 'key', canDecide: false, expiresAt: null });
    expect([...caller.credential.scopes]).toEqual(['execution', 'inference']);
  }));

test.each<[string, (world: TestWorld) => Promise<string>]>([
  ['an empty value', async () => ''],
  ['a value that is no key', async () => 'Bearer xero'],
  ['a key nobody minted', async () => `xero_demo_${'A'.repeat(43)}`],
  ['a key with one letter changed', async ({ seed }) => `${seed.keys.operator.slice(0, -1)}!`],
  [
    'an expired key',
    async (world) => {
      const { value } = await mintFor(world, 60);
      await world.clock.advance(60_000);
      return value;
    },
  ],
  [
    'a revoked key',
    async (world) => {
      const { id, value } = await mintFor(world);
      await apiKey.revoke(world.operator, { id });
      return value;
    },
  ],
])('authenticate refuses %s, and tells no reason', (_, valueOf) =>
  inWorld(async (world) => {
    const value = await valueOf(world);
    await expect(authenticate(world.services, value)).rejects.toMatchObject({
      code: 'authentication_required',
      message: 'The request carries no key that is known and valid.',
    });
  }),
);

test('authenticate notes that a key was used, once an hour', () =>
  inWorld(async (world) => {
    const lastUse = async (): Promise<string | null | undefined> => {
      const { data } = await apiKey.list(world.operator, { limit: 20 });
      return data.find(({ id }) => id === world.operator.keyId)?.last_used_at;
    };
    expect(await lastUse()).toBe('2026-01-01T00:00:00.000Z');
    await world.clock.advance(3_599_999);
    await authenticate(world.services, world.seed.keys.operator);
    expect(await lastUse()).toBe('2026-01-01T00:00:00.000Z');
    await world.clock.advance(1);
    await authenticate(world.services, world.seed.keys.operator);
    expect(await lastUse()).toBe('2026-01-01T01:00:00.000Z');
  }));
