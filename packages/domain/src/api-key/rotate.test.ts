import { DAY_SECONDS, SCOPES, type Scope } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import { expect, test } from 'vitest';
import { authenticate } from '../access/authenticate.ts';
import { approve } from '../approval/approve.ts';
import type { VerbContext } from '../context.ts';
import { create as createPrincipal } from '../principal/create.ts';
import { approvalIdOf } from '../testing/decision-scene.ts';
import { askFor, inWorld, servingAgent, type TestWorld } from '../testing/index.ts';
import { create } from './create.ts';
import { get } from './get.ts';
import { endpoints, ipFilter, quota } from './limit.ts';
import { list } from './list.ts';
import { revoke } from './revoke.ts';
import { rotate } from './rotate.ts';

type Draft = Parameters<typeof create>[1];

const mine = ({ operator }: TestWorld, more: Partial<Draft> = {}) =>
  create(operator, {
    principal_id: operator.actor.id,
    name: 'laptop',
    scopes: ['execution', 'management'],
    can_decide: true,
    ...more,
  });

/** A service with a key. */
async function robot({ operator }: TestWorld, ...scopes: Scope[]) {
  const { id } = await createPrincipal(operator, { kind: 'service', name: 'robot', groups: [] });
  return create(operator, { principal_id: id, name: 'robot', scopes, can_decide: false });
}

const manager = async (world: TestWorld, ...scopes: Scope[]): Promise<VerbContext> =>
  world.as((await robot(world, 'management', ...scopes)).value);

test('api_key.rotate hands out the same rights under a new value, and the old key ends after its grace', () =>
  inWorld(async (world) => {
    const { operator, services, clock, store, seed } = world;
    const bounds = { ip_allow: ['10.0.0.0/8'], endpoints: ['tool.*'], expires_in_seconds: DAY_SECONDS };
    const old = await mine(world, { ...bounds, rate: { per_minute: 5, burst: 2 } });
    const { value, ...fresh } = await rotate(operator, { id: old.id, grace_seconds: 60 });
    const { value: oldValue, ...told } = old;
    expect(fresh).toEqual({ ...told, id: fresh.id, prefix: value.slice(0, 12), rotated_from: old.id });
    expect(value).not.toBe(oldValue);
    expect(await get(operator, { id: old.id })).toMatchObject({
      expires_at: '2026-01-01T00:01:00.000Z',
      revoked_at: null,
    });
    const { credential } = await authenticate(services, value);
    expect(credential.families).toEqual([old.id, operator.keyId]);
    const entries = await store.read.journal.list(seed.project_id, {}, { limit: 2 });
    expect(new Map(entries.map(({ type, subject }) => [type, subject.id]))).toEqual(
      new Map([
        ['api_key.created', fresh.id],
        ['api_key.rotated', old.id],
      ]),
    );
    await expect(authenticate(services, oldValue)).resolves.toBeDefined();
    await clock.advance(60_000);
    await expect(authenticate(services, oldValue)).rejects.toMatchObject({ status: 401 });
    await expect(authenticate(services, value)).resolves.toBeDefined();
  }));

test('api_key.rotate without a grace ends the old key at once; one that ends sooner gets no longer', () =>
  inWorld(async (world) => {
    const { operator, services } = world;
    const old = await mine(world);
    await rotate(operator, { id: old.id, grace_seconds: 0 });
    await expect(authenticate(services, old.value)).rejects.toMatchObject({ status: 401 });
    const short = await mine(world, { expires_in_seconds: 5 });
    await rotate(operator, { id: short.id, grace_seconds: 60 });
    expect((await get(operator, { id: short.id })).expires_at).toBe(short.expires_at);
  }));

test('api_key.rotate lets a service replace its own key', () =>
  inWorld(async (world) => {
    const robotic = await manager(world);
    await expect(rotate(robotic, { id: robotic.keyId, grace_seconds: 0 })).resolves.toMatchObject({
      rotated_from: robotic.keyId,
    });
  }));

test.each<[string, (world: TestWorld) => Promise<unknown>, object]>([
  [
    'rotate: the key of another human',
    async ({ operator, approver }) => rotate(operator, { id: approver.keyId, grace_seconds: 0 }),
    { code: 'scope_insufficient' },
  ],
  [
    'rotate: the key of a human, to a service',
    async (world) => rotate(await manager(world, ...SCOPES), { id: world.approver.keyId, grace_seconds: 0 }),
    { code: 'scope_insufficient' },
  ],
  [
    'rotate: a key that may decide, to one that may not',
    async (world) => {
      const plain = await world.as((await mine(world, { scopes: [...SCOPES], can_decide: false })).value);
      return rotate(plain, { id: world.operator.keyId, grace_seconds: 0 });
    },
    { code: 'scope_insufficient', param: null },
  ],
  [
    'rotate: a service’s key of wider scopes, to a service',
    async (world) => rotate(await manager(world), { id: world.service.keyId, grace_seconds: 0 }),
    { code: 'scope_insufficient' },
  ],
  [
    'rotate: a key that was revoked',
    async (world) => {
      const { id } = await mine(world);
      await revoke(world.operator, { id });
      return rotate(world.operator, { id, grace_seconds: 0 });
    },
    { code: 'invalid_state' },
  ],
  [
    'rotate: a key that has ended',
    async (world) => {
      const { id } = await mine(world, { expires_in_seconds: 1 });
      await world.clock.advance(1000);
      return rotate(world.operator, { id, grace_seconds: 0 });
    },
    { code: 'invalid_state' },
  ],
  [
    'rotate: a key of another project',
    async ({ operator, foreigner }) => rotate(operator, { id: foreigner.keyId, grace_seconds: 0 }),
    { code: 'api_key_not_found' },
  ],
  [
    'quota: a wider rate, from another human',
    async ({ operator, approver }) =>
      quota(operator, { id: approver.keyId, per_minute: 1_000_001, burst: 100_000 }),
    { code: 'scope_insufficient' },
  ],
  [
    'quota: a wider rate, from a service to its own key',
    async (world) => {
      const robotic = await manager(world);
      return quota(robotic, { id: robotic.keyId, per_minute: 601, burst: 100 });
    },
    { code: 'scope_insufficient' },
  ],
  [
    'quota: any rate, from a service to the key of a human',
    async (world) => quota(await manager(world), { id: world.approver.keyId, per_minute: 1, burst: 1 }),
    { code: 'scope_insufficient' },
  ],
  [
    'endpoints: an operation there is not',
    async (world) =>
      endpoints(world.operator, { id: world.service.keyId, endpoints: ['tool.*', 'tool.melt'] }),
    { code: 'invalid_body', param: '/endpoints/1' },
  ],
  [
    'endpoints: pins beyond those of the key that is used',
    async (world) => {
      const pinned = await world.as((await mine(world, { endpoints: ['api_key.*'] })).value);
      return endpoints(pinned, { id: pinned.keyId, endpoints: null });
    },
    { code: 'scope_insufficient', param: '/endpoints' },
  ],
  [
    'ip_filter: addresses beyond those of the key that is used',
    async (world) => {
      const near = await world.as((await mine(world, { ip_allow: ['10.1.0.0/16'] })).value);
      return ipFilter(near, { id: near.keyId, ip_allow: ['10.0.0.0/8'] });
    },
    { code: 'scope_insufficient', param: '/ip_allow' },
  ],
  [
    'ip_filter: of a key that was revoked',
    async (world) => {
      const { id } = await mine(world);
      await revoke(world.operator, { id });
      return ipFilter(world.operator, { id, ip_allow: null });
    },
    { code: 'invalid_state' },
  ],
  [
    'revoke: the key of a human, to a service',
    async (world) => revoke(await manager(world), { id: world.approver.keyId }),
    { code: 'scope_insufficient' },
  ],
  [
    'create: operations beyond the minter’s pins',
    async (world) => {
      const pinned = await world.as((await mine(world, { endpoints: ['api_key.*'] })).value);
      const draft = { principal_id: world.service.actor.id, name: 'x', can_decide: false };
      return create(pinned, { ...draft, scopes: ['execution'], endpoints: ['api_key.list', 'tool.list'] });
    },
    { code: 'scope_insufficient', param: '/endpoints' },
  ],
  [
    'create: a service’s key with a higher rate than the service’s that mints it',
    async (world) => {
      const robotic = await manager(world);
      const draft = { principal_id: world.service.actor.id, name: 'x', can_decide: false };
      return create(robotic, { ...draft, scopes: ['management'], rate: { per_minute: 601, burst: 1 } });
    },
    { code: 'scope_insufficient', param: '/rate' },
  ],
])('an API key refuses %s', (_, attempt, refusal) =>
  inWorld(async (world) => {
    await expect(attempt(world)).rejects.toMatchObject(refusal);
  }),
);

test('api_key.rotate has the new key come from the key that rotates it, which is told its value', () =>
  inWorld(async (world) => {
    const asking = await world.as((await mine(world)).value, 'mcp');
    const { id: sibling } = await mine(world);
    const { value } = await rotate(asking, { id: sibling, grace_seconds: 0 });
    const rotated = await world.as(value);
    expect(rotated.caller.credential.families).toEqual([sibling, world.operator.keyId, asking.keyId]);
    await servingAgent(world);
    const id = approvalIdOf(await askFor(world, 'demo_effect', { ctx: asking }));
    await expect(approve(rotated, { id })).rejects.toMatchObject({ code: 'approver_not_eligible' });
  }));

test('api_key.create has a service’s key that ends hand its rights to none that outlives it', () =>
  inWorld(async (world) => {
    const { operator, service, clock } = world;
    const draft = { principal_id: service.actor.id, name: 'x', can_decide: false };
    const ending = { ...draft, scopes: ['management'] as Scope[], expires_in_seconds: 60 };
    const short = await world.as((await create(operator, ending)).value);
    const made = await create(short, { ...draft, scopes: ['management'] });
    expect(made.expires_at).toBe(toTimestamp(clock.now() + 60_000));
    const refused = { code: 'scope_insufficient' };
    await expect(create(short, { ...ending, expires_in_seconds: 61 })).rejects.toMatchObject({
      ...refused,
      param: '/expires_in_seconds',
    });
    const lasting = await create(operator, { ...draft, scopes: ['management'] });
    await expect(rotate(short, { id: lasting.id, grace_seconds: 0 })).rejects.toMatchObject(refused);
    const { id, value } = await rotate(short, { id: short.keyId, grace_seconds: 0 });
    expect(value).toBeDefined();
    expect((await get(operator, { id })).expires_at).toBe(toTimestamp(clock.now() + 60_000));
  }));

test('api_key.create passes on the minter’s pins and addresses where none are named', () =>
  inWorld(async (world) => {
    const bounds = { endpoints: ['api_key.*'], ip_allow: ['10.0.0.0/8'] };
    const bound = await world.as((await mine(world, bounds)).value);
    const draft = { principal_id: world.service.actor.id, name: 'x', can_decide: false };
    expect(await create(bound, { ...draft, scopes: ['execution'] })).toMatchObject(bounds);
  }));

test.each<[string, (world: TestWorld) => Promise<unknown>, object]>([
  [
    'quota: another human narrows it',
    async ({ operator, approver }) => quota(operator, { id: approver.keyId, per_minute: 5, burst: 1 }),
    { rate: { per_minute: 5, burst: 1 } },
  ],
  [
    'quota: a human widens a service’s',
    async ({ operator, service }) => quota(operator, { id: service.keyId, per_minute: 9_000_000, burst: 9 }),
    { rate: { per_minute: 9_000_000, burst: 9 } },
  ],
  [
    'ip_filter: another human narrows it',
    async ({ operator, approver }) => ipFilter(operator, { id: approver.keyId, ip_allow: ['2001:db8::/32'] }),
    { ip_allow: ['2001:db8::/32'] },
  ],
  [
    'ip_filter: its human lifts it',
    async (world) => {
      const { id } = await mine(world, { ip_allow: ['10.0.0.0/8'] });
      return ipFilter(world.operator, { id, ip_allow: null });
    },
    { ip_allow: null },
  ],
  [
    'endpoints: a service narrows a service’s',
    async (world) => endpoints(await manager(world), { id: world.service.keyId, endpoints: ['tool.list'] }),
    { endpoints: ['tool.list'] },
  ],
])('an API key takes other limits: %s', (_, change, shown) =>
  inWorld(async (world) => {
    expect(await change(world)).toMatchObject(shown);
    const [entry] = await world.store.read.journal.list(world.seed.project_id, {}, { limit: 1 });
    expect(entry).toMatchObject({ type: 'api_key.updated', data: shown });
  }),
);

test('api_key.list can show those of one principal only', () =>
  inWorld(async (world) => {
    const { id } = await mine(world);
    const { data } = await list(world.operator, { limit: 20, principal_id: world.operator.actor.id });
    expect(data.map((key) => key.id).toSorted()).toEqual([id, world.operator.keyId].toSorted());
  }));
