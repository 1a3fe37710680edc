import { SCOPES, sha256Hex, type Scope } from '@xem/protocol';
import { expect, test } from 'vitest';
import { authenticate } from '../access/authenticate.ts';
import type { VerbContext } from '../context.ts';
import { create as createPrincipal } from '../principal/create.ts';
import { inWorld, type TestWorld } from '../testing/index.ts';
import { create } from './create.ts';
import { list } from './list.ts';
import { revoke } from './revoke.ts';

const service = (ctx: VerbContext, name = 'robot') =>
  createPrincipal(ctx, { kind: 'service', name, groups: [] });

const draft = (
  principal: { readonly id: VerbContext['actor']['id'] },
  scopes: readonly Scope[] = ['execution'],
) => ({
  principal_id: principal.id,
  name: 'a key',
  scopes: [...scopes],
  can_decide: false,
});

/** A service that manages, with the scopes given. */
async function manager({ operator, as }: TestWorld, ...scopes: Scope[]): Promise<VerbContext> {
  const robot = await service(operator, 'manager');
  return as((await create(operator, draft(robot, ['management', ...scopes]))).value);
}

test('api_key.create shows the value once, and stores its hash and first characters only', () =>
  inWorld(async ({ operator, store }) => {
    const robot = await service(operator);
    const { value, ...shown } = await create(operator, draft(robot));
    expect(value).toMatch(/^xero_demo_[A-Za-z0-9_-]{43}$/);
    expect(shown).toMatchObject({
      prefix: value.slice(0, 12),
      principal: { id: robot.id, kind: 'service', name: 'robot' },
      scopes: ['execution'],
      can_decide: false,
      rate: { per_minute: 600, burst: 100 },
      expires_at: null,
    });
    const found = await store.read.access.credential(sha256Hex(value));
    expect(found?.key.id).toBe(shown.id);
    expect(JSON.stringify(found)).not.toContain(value);
    const journal = await store.read.journal.after(operator.projectId, 0, 100);
    expect(JSON.stringify(journal)).not.toContain(value);
    expect(journal.at(-1)).toMatchObject({ type: 'api_key.created', data: { scopes: ['execution'] } });
    expect((await list(operator, { limit: 20 })).data).toContainEqual(shown);
  }));

test('api_key.create lets a human mint a key of their own that decides', () =>
  inWorld(async ({ operator, services }) => {
    const mine = { ...draft(operator.actor), can_decide: true, expires_in_seconds: 60 };
    const { value, expires_at } = await create(operator, mine);
    expect(expires_at).toBe('2026-01-01T00:01:00.000Z');
    expect((await authenticate(services, value)).credential.canDecide).toBe(true);
  }));

test('api_key.create lets a service mint for a service what it may do itself', () =>
  inWorld(async (world) => {
    const minting = await manager(world, 'execution');
    const robot = await service(world.operator);
    await expect(create(minting, draft(robot))).resolves.toMatchObject({ scopes: ['execution'] });
  }));

test.each<[string, (world: TestWorld) => Promise<unknown>, object]>([
  [
    'a human who would mint for another human',
    async ({ operator, approver }) => create(operator, draft(approver.actor)),
    { code: 'scope_insufficient', status: 403 },
  ],
  [
    'a service that would mint for a human',
    async (world) => create(await manager(world, 'execution'), draft(world.operator.actor)),
    { code: 'scope_insufficient' },
  ],
  [
    'a service that would widen its scopes',
    async (world) =>
      create(await manager(world), draft(await service(world.operator), ['management', 'break_glass'])),
    { code: 'scope_insufficient', param: '/scopes' },
  ],
  [
    'a service that would decide',
    async ({ operator }) => create(operator, { ...draft(await service(operator)), can_decide: true }),
    { code: 'invalid_body', param: '/can_decide' },
  ],
  [
    'a key that may not decide and would mint one that may',
    async ({ operator, as }) => {
      const { value } = await create(operator, draft(operator.actor, SCOPES));
      return create(await as(value), { ...draft(operator.actor), can_decide: true });
    },
    { code: 'scope_insufficient', param: '/can_decide' },
  ],
  [
    'a principal nobody knows',
    async ({ operator }) => create(operator, draft(JSON.parse('{"id":"prn_000000000000000000000000"}'))),
    { code: 'principal_not_found', status: 404 },
  ],
  [
    'a principal of another project',
    async ({ operator, foreigner }) => create(operator, draft(foreigner.actor)),
    { code: 'principal_not_found', status: 404 },
  ],
  [
    'a caller without the scope management',
    async ({ approver }) => create(approver, draft(approver.actor)),
    { code: 'scope_insufficient' },
  ],
])('api_key.create refuses %s', (_, attempt, refusal) =>
  inWorld(async (world) => {
    await expect(attempt(world)).rejects.toMatchObject(refusal);
  }),
);

test('api_key.revoke ends a key once, and is journalled once', () =>
  inWorld(async ({ operator, store, clock }) => {
    const { id } = await create(operator, draft(await service(operator)));
    const first = await revoke(operator, { id });
    expect(first.revoked_at).toBe('2026-01-01T00:00:00.000Z');
    await clock.advance(1000);
    expect(await revoke(operator, { id })).toEqual(first);
    const entries = await store.read.journal.after(operator.projectId, 0, 100);
    expect(entries.filter(({ type }) => type === 'api_key.revoked')).toHaveLength(1);
  }));

test('api_key.revoke answers the same for a key of another project as for none', () =>
  inWorld(async ({ operator, foreigner }) => {
    await expect(revoke(operator, { id: foreigner.keyId })).rejects.toMatchObject({
      code: 'api_key_not_found',
      message: `the project has no API key ${foreigner.keyId}`,
    });
  }));
