import { AGENT_STATUSES, type AgentId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { list as listJournal } from '../journal/list.ts';
import {
  askFor,
  attemptOf,
  attemptRow,
  comeBack,
  end,
  inConflict,
  inWorld,
  rivals,
  rowOf,
  servingAgent,
  start,
  type TestWorld,
} from '../testing/index.ts';
import { ban } from './ban.ts';
import { conflictNotice } from './conflict-notice.ts';
import { remove } from './delete.ts';
import { evict } from './evict.ts';
import { get } from './get.ts';
import { lapse } from './lapse.ts';
import { resolveConflict } from './resolve-conflict.ts';

const LEASE_MS = 30_000;

const statusOf = async ({ store }: TestWorld, id: AgentId) => (await store.read.agents.find(id))?.status;

const entriesOf = async ({ operator }: TestWorld, types: string) =>
  (await listJournal(operator, { limit: 100, types })).data.toReversed();

test('agent.welcome puts both holders of a name into conflict, whoever of them came last', () =>
  inWorld(async (world) => {
    const { incumbent, challenger } = await inConflict(world);
    const since = world.clock.now();
    expect(await world.store.read.agents.find(incumbent)).toMatchObject({
      status: 'conflict',
      epoch: 2,
      conflict: { role: 'incumbent', with: challenger, since },
    });
    expect(await world.store.read.agents.find(challenger)).toMatchObject({
      status: 'conflict',
      conflict: { role: 'challenger', with: incumbent, since },
    });
    expect(await get(world.operator, { id: incumbent })).toMatchObject({
      status: 'conflict',
      connection: { state: 'connected' },
      lease: { expires_at: expect.any(String) },
    });
    expect(await entriesOf(world, 'agent.conflict')).toMatchObject([
      {
        subject: { id: incumbent },
        data: { role: 'incumbent', with: challenger, registration_name: 'xem-test' },
      },
      { subject: { id: challenger }, data: { role: 'challenger', with: incumbent } },
    ]);
  }));

test('agent.welcome contests no name when its commit fails', () =>
  inWorld(async (world) => {
    const { incumbent, challenger } = await rivals(world);
    const store: TestWorld['store'] = {
      ...world.store,
      transact: (body) =>
        world.store.transact(async (tx) => {
          await body(tx);
          throw new Error('the disk failed');
        }),
    };
    const broken = { ...world, services: { ...world.services, store } };
    await expect(comeBack(broken, incumbent)).rejects.toThrow('the disk failed');
    expect(world.services.fleet.isOnline(challenger.agent.id)).toBe(true);
    expect(await askFor(world, 'demo_write')).toMatchObject({ agent_id: challenger.agent.id });
  }));

test('agent.conflict_notice tells both who they are and the command that ends it', () =>
  inWorld(async (world) => {
    const { incumbent, challenger } = await inConflict(world);
    const told = await conflictNotice(world.services, challenger);
    const [first, second] = await Promise.all(
      [incumbent, challenger].map((id) => get(world.operator, { id })),
    );
    expect(told).toMatchObject({
      code: 'agent_name_conflict',
      incumbent_fingerprint: first?.curve_fingerprint,
      challenger_fingerprint: second?.curve_fingerprint,
      incumbent: { agent_id: incumbent, last_seen_at: first?.last_seen_at, source_address: '192.0.2.9' },
      challenger: { agent_id: challenger, last_seen_at: second?.last_seen_at, source_address: '127.0.0.1' },
    });
    expect(told?.operator_action).toContain(`xeroctl agents resolve-conflict ${challenger} --keep`);
    for (const part of [incumbent, challenger, '192.0.2.9', '127.0.0.1'])
      expect(told?.message).toContain(part);
  }));

test('agent.conflict gives neither of the two new work, and what runs goes on and counts', () =>
  inWorld(async (world) => {
    const { services } = world;
    const { incumbent, challenger } = await rivals(world);
    const running = await askFor(world, 'demo_write');
    await start(world, running);
    await comeBack(world, incumbent);
    await expect(askFor(world, 'demo_write')).rejects.toMatchObject({ code: 'exec_tool_not_found' });
    expect(services.fleet.pick([incumbent.agent.id, challenger.agent.id], false)).toBeNull();
    expect([incumbent, challenger].map(({ agent }) => services.fleet.roomOf(agent.id))).toEqual([0, 0]);
    await end(world, running);
    expect(await rowOf(world, running)).toMatchObject({ status: 'completed' });
  }));

test('agent.conflict outlasts the reconnect and the lease of either, and nothing of it is told twice', () =>
  inWorld(async (world) => {
    const { incumbent, challenger, both } = await inConflict(world);
    const { agent } = await comeBack(world, both.challenger);
    expect(agent).toMatchObject({ status: 'conflict', epoch: 2 });
    await world.clock.advance(LEASE_MS);
    expect(await lapse(world.services, incumbent)).toBe(true);
    expect(await lapse(world.services, incumbent)).toBe(false);
    expect(await statusOf(world, incumbent)).toBe('conflict');
    await comeBack(world, both.incumbent);
    expect(world.services.fleet.isOnline(incumbent)).toBe(false);
    expect(await statusOf(world, challenger)).toBe('conflict');
    expect(await entriesOf(world, 'agent.conflict,agent.online')).toHaveLength(4);
  }));

test.each([
  ['incumbent', 'incumbent', 'incumbent'],
  ['incumbent', 'challenger', 'challenger'],
  ['challenger', 'incumbent', 'incumbent'],
  ['challenger', 'challenger', 'challenger'],
] as const)('agent.resolve_conflict named by its %s keeps the %s', (named, keep, kept) =>
  inWorld(async (world) => {
    const { services, store, seed } = world;
    const pair = await inConflict(world);
    const gone = kept === 'incumbent' ? pair.challenger : pair.incumbent;
    expect(await resolveConflict(world.operator, { id: pair[named], keep })).toMatchObject({
      id: pair[kept],
      status: 'online',
    });
    expect(await statusOf(world, gone)).toBe('evicted');
    expect(await store.read.agents.find(pair[kept])).toMatchObject({ conflict: null });
    expect(services.fleet.find(gone)).toBeNull();
    expect(await store.read.agents.admitted()).toMatchObject([{ agentId: pair[kept] }]);
    expect(await store.read.workspaces.agentsOf(seed.workspace_id)).toMatchObject([{ id: pair[kept] }]);
    expect(await askFor(world, 'demo_write')).toMatchObject({ agent_id: pair[kept] });
    const entries = await entriesOf(world, 'agent.evicted,agent.conflict_resolved');
    expect(entries).toMatchObject([
      {
        type: 'agent.evicted',
        subject: { id: gone },
        actor: { name: 'operator' },
        data: { because: 'conflict' },
      },
      {
        type: 'agent.conflict_resolved',
        subject: { id: pair[kept] },
        data: { kept, instead_of: gone, status: 'online' },
      },
    ]);
  }),
);

test('agent.resolve_conflict tells who waits for room that the agent may work again, after the commit', () =>
  inWorld(async (world) => {
    const { incumbent } = await inConflict(world);
    const freed: (AgentId | string | undefined)[] = [];
    world.services.fleet.onUncontested((id) => freed.push(id));
    await resolveConflict(world.operator, { id: incumbent, keep: 'incumbent' });
    expect(freed).toContain(incumbent);
  }));

test('agent.resolve_conflict leaves one that is away offline, and it comes back without a conflict', () =>
  inWorld(async (world) => {
    const { incumbent, both } = await inConflict(world);
    await world.clock.advance(LEASE_MS);
    await lapse(world.services, incumbent);
    const kept = await resolveConflict(world.operator, { id: incumbent, keep: 'incumbent' });
    expect(kept.status).toBe('offline');
    await comeBack(world, both.incumbent);
    expect(await statusOf(world, incumbent)).toBe('online');
    expect(world.services.fleet.isOnline(incumbent)).toBe(true);
    await expect(comeBack(world, both.challenger)).rejects.toMatchObject({ code: 'invalid_state' });
  }));

test('agent.resolve_conflict twice is refused the second time', () =>
  inWorld(async (world) => {
    const { incumbent, challenger } = await inConflict(world);
    const decisions = await Promise.allSettled([
      resolveConflict(world.operator, { id: incumbent, keep: 'incumbent' }),
      resolveConflict(world.operator, { id: challenger, keep: 'challenger' }),
    ]);
    expect(decisions.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await entriesOf(world, 'agent.evicted')).toHaveLength(1);
  }));

test.each<[string, string, (world: TestWorld, id: AgentId) => Promise<unknown>]>([
  [
    'of another project',
    'agent_not_found',
    ({ foreigner }, id) => resolveConflict(foreigner, { id, keep: 'incumbent' }),
  ],
  [
    'by somebody without the scope',
    'scope_insufficient',
    ({ approver }, id) => resolveConflict(approver, { id, keep: 'incumbent' }),
  ],
  [
    'by a service',
    'scope_insufficient',
    async ({ operator }, id) => {
      const principal = { ...operator.caller.principal, kind: 'service' as const };
      return resolveConflict(
        { ...operator, caller: { ...operator.caller, principal } },
        { id, keep: 'incumbent' },
      );
    },
  ],
])('agent.resolve_conflict is refused %s with %s', (_, code, ask) =>
  inWorld(async (world) => {
    const { incumbent, challenger } = await inConflict(world);
    await expect(ask(world, incumbent)).rejects.toMatchObject({ code });
    expect(await statusOf(world, challenger)).toBe('conflict');
  }),
);

test.each(AGENT_STATUSES.filter((status) => status !== 'conflict'))(
  'agent.resolve_conflict of an agent that is %s is refused with invalid_state',
  (status) =>
    inWorld(async (world) => {
      const { agent } = await servingAgent(world);
      await world.store.transact((tx) => tx.agents.save({ ...agent, status }));
      const decision = resolveConflict(world.operator, { id: agent.id, keep: 'incumbent' });
      await expect(decision).rejects.toMatchObject({ code: 'invalid_state' });
    }),
);

test.each([
  ['evict', evict, 'evicted'],
  ['ban', ban, 'banned'],
  ['delete', remove, 'retired'],
] as const)('agent.%s of one of two in conflict leaves the other one the name', (_, verb, status) =>
  inWorld(async (world) => {
    const { incumbent, challenger } = await inConflict(world);
    await verb(world.operator, { id: incumbent });
    expect(await world.store.read.agents.find(incumbent)).toMatchObject({ status, conflict: null });
    expect(await world.store.read.agents.find(challenger)).toMatchObject({
      status: 'online',
      conflict: null,
    });
    expect(await askFor(world, 'demo_write')).toMatchObject({ agent_id: challenger });
    expect(await entriesOf(world, 'agent.conflict_resolved')).toMatchObject([
      { subject: { id: challenger }, data: { kept: 'challenger', instead_of: incumbent } },
    ]);
  }),
);

test('agent.resolve_conflict leaves what the evicted one ran to be given up, like any agent that is gone', () =>
  inWorld(async (world) => {
    const { incumbent, challenger } = await rivals(world);
    const running = await askFor(world, 'demo_write');
    await start(world, running);
    await comeBack(world, incumbent);
    await resolveConflict(world.operator, { id: challenger.agent.id, keep: 'incumbent' });
    expect(await attemptRow(world, attemptOf(running))).toMatchObject({ status: 'running' });
    expect(await world.store.read.executions.agentsWithOpen()).toEqual([challenger.agent.id]);
  }));
