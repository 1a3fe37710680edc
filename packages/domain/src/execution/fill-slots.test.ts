import { ApprovalId, type Invocation } from '@xem/protocol';
import type { Store } from '@xem/store';
import { expect, test } from 'vitest';
import { approve } from '../approval/approve.ts';
import { systemContext } from '../context.ts';
import { createOccupancy } from '../fleet/occupancy.ts';
import { askFor, end, inWorld, rowOf, servingAgent, TOOLS, type TestWorld } from '../testing/index.ts';
import { create as createWorkspace } from '../workspace/create.ts';
import { update } from '../workspace/update.ts';
import { fillSlots } from './fill-slots.ts';
import { findAgentFor } from './find-agent.ts';
import { restoreOccupancy } from './restore.ts';

type Serving = Awaited<ReturnType<typeof servingAgent>>;

const fill = ({ services, operator }: TestWorld, { agent }: Serving): Promise<number> =>
  fillSlots(systemContext(services, operator.projectId), agent.id);

/** Gives an agent more slots than the four it comes with. */
const widen = ({ services }: TestWorld, { arrival }: Serving, slots: number): void => {
  const { agentId, leaseEndsAt, lastRenewalAt } = arrival;
  services.fleet.renew(agentId, { slots, leaseEndsAt, lastRenewalAt, roundTripMs: null });
};

/** Asks for calls one after another, each a millisecond younger than the one before. */
async function askInTurn(world: TestWorld, tools: readonly string[]): Promise<readonly Invocation[]> {
  const calls = [];
  for (const tool of tools) {
    calls.push(await askFor(world, tool));
    await world.clock.advance(1);
  }
  return calls;
}

/** A call ends, and the dispatcher hears of it: slot and place are free again. */
async function finish(world: TestWorld, asked: Invocation): Promise<void> {
  const { executionId, agentId, attempt } = await rowOf(world, asked);
  if (!executionId || !agentId) throw new Error('the call was given to nobody');
  await end(world, { ...asked, execution_id: executionId, agent_id: agentId, attempt });
  world.services.fleet.release(agentId, executionId);
  world.services.occupancy.release(executionId);
}

const approved = async (world: TestWorld, tool = 'demo_effect'): Promise<Invocation> => {
  const asked = await askFor(world, tool);
  await approve(world.approver, { id: ApprovalId.parse(asked.approval?.id) });
  return asked;
};

const isGiven = async (world: TestWorld, asked: Invocation): Promise<boolean> =>
  (await rowOf(world, asked)).executionId !== null;

const given = (world: TestWorld, calls: readonly Invocation[]): Promise<readonly boolean[]> =>
  Promise.all(calls.map((asked) => isGiven(world, asked)));

test('fillSlots lets a destructive call wait for the one before it, and reads go on', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    widen(world, serving, 100);
    const [first, second] = [await approved(world), await approved(world)];
    const read = await askFor(world, 'demo_echo');
    expect(await given(world, [first, second, read])).toEqual([true, false, true]);
    expect(await fill(world, serving)).toBe(0);
    await finish(world, first);
    expect(await fill(world, serving)).toBe(1);
    expect(await isGiven(world, second)).toBe(true);
  }));

test('fillSlots passes over any number of calls that wait for a lock', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const { services, operator, seed } = world;
    const limits = { per_tool: { demo_echo: 1 } };
    await update(operator, { workspace_id: seed.workspace_id, concurrency: limits });
    services.fleet.hold(serving.agent.id, 'slow');
    const reads = await askInTurn(
      world,
      Array.from({ length: 40 }, () => 'demo_echo'),
    );
    const behind = await askFor(world, 'demo_write');
    services.fleet.unhold(serving.agent.id, 'slow');
    expect(await fill(world, serving)).toBe(2);
    expect(await given(world, [...reads.slice(0, 2), behind])).toEqual([true, false, true]);
  }));

test('fillSlots gives a call that waits for its agent the next slot of it', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    widen(world, serving, 1);
    const running = await askFor(world, 'demo_echo');
    const pinned = await askFor(world, 'demo_echo', { agent_id: serving.agent.id });
    await world.clock.advance(1);
    const later = [await askFor(world, 'demo_echo'), await askFor(world, 'demo_write')];
    world.services.fleet.reserve(serving.agent.id, true);
    await finish(world, running);
    const newcomer = await askFor(world, 'demo_echo');
    expect(await fill(world, serving)).toBe(1);
    expect(await given(world, [pinned, ...later, newcomer])).toEqual([true, false, false, false]);
  }));

test('fillSlots lets workspaces take turns, so that a long queue in one holds up no other', () =>
  inWorld(async (world) => {
    const second = await createWorkspace(world.operator, { name: 'second' });
    const places = [world.seed.workspace_id, second.id];
    const serving = await servingAgent(world, { workspaces: places });
    world.services.fleet.hold(serving.agent.id, 'slow');
    const flood = await askInTurn(
      world,
      Array.from({ length: 10 }, () => 'demo_echo'),
    );
    const one = await askFor(world, 'demo_echo', { workspace_id: second.id });
    world.services.fleet.unhold(serving.agent.id, 'slow');
    expect(await fill(world, serving)).toBe(4);
    expect(await given(world, [one, ...flood.slice(0, 4)])).toEqual([true, true, true, true, false]);
    await finish(world, one);
    const another = await askFor(world, 'demo_echo', { workspace_id: second.id });
    await finish(world, flood[0] ?? one);
    await finish(world, another);
    expect(await fill(world, serving)).toBe(2);
    expect(await given(world, flood.slice(3, 6))).toEqual([true, true, false]);
  }));

test('fillSlots gives each call to the least loaded of its agents, not to the one that was asked', () =>
  inWorld(async (world) => {
    const busy = await servingAgent(world, { name: 'busy' });
    await askFor(world, 'demo_echo');
    await askFor(world, 'demo_echo');
    const idle = await servingAgent(world, { name: 'idle' });
    for (const { agent } of [busy, idle]) world.services.fleet.hold(agent.id, 'slow');
    const calls = [await askFor(world, 'demo_echo'), await askFor(world, 'demo_echo')];
    for (const { agent } of [busy, idle]) world.services.fleet.unhold(agent.id, 'slow');
    expect(await fill(world, busy)).toBe(2);
    const agents = await Promise.all(calls.map(async (asked) => (await rowOf(world, asked)).agentId));
    expect(agents).toEqual([idle.agent.id, idle.agent.id]);
  }));

test('fillSlots gives nothing of a workspace that the manifest of the agent does not name', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const { services, operator } = world;
    services.fleet.hold(serving.agent.id, 'slow');
    const asked = await askFor(world, 'demo_echo');
    services.fleet.unhold(serving.agent.id, 'slow');
    const tools = await world.store.read.agents.toolsOf(serving.agent.id);
    services.catalogue.publish(serving.agent.id, {
      projectId: operator.projectId,
      workspaces: [],
      tools,
      changing: [],
      withdrawn: [],
      waiting: [],
    });
    expect(await fill(world, serving)).toBe(0);
    expect(await isGiven(world, asked)).toBe(false);
  }));

test('a failed commit gives back slot and place', () =>
  inWorld(async (world) => {
    const { services, store } = world;
    const { agent } = await servingAgent(world, { tools: TOOLS });
    const asked = await askFor(world, 'demo_effect');
    const broken: Store = {
      ...store,
      transact: (body) =>
        store.transact(async (tx) => {
          await body(tx);
          throw new Error('the disk is full');
        }),
    };
    const id = ApprovalId.parse(asked.approval?.id);
    await expect(approve({ ...world.approver, store: broken }, { id })).rejects.toThrow('the disk is full');
    expect(services.fleet.find(agent.id)?.inFlight.size).toBe(0);
    const like = { workspaceId: world.seed.workspace_id, tool: 'demo_wipe', risk: 'irreversible' } as const;
    expect(services.occupancy.admits(like)).toBe(true);
  }));

test('findAgentFor names an agent with room for a call that waits, and nobody for any other', () =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    const ctx = systemContext(world.services, world.operator.projectId);
    const dispatched = await askFor(world, 'demo_echo');
    world.services.fleet.hold(agent.id, 'slow');
    const asked = await askFor(world, 'demo_echo');
    const { id } = await rowOf(world, asked);
    expect(await findAgentFor(ctx, id)).toBeNull();
    world.services.fleet.unhold(agent.id, 'slow');
    expect(await findAgentFor(ctx, id)).toBe(agent.id);
    const gated = await rowOf(world, await askFor(world, 'demo_effect'));
    expect(await findAgentFor(ctx, gated.id)).toBeNull();
    expect(dispatched.execution_id).not.toBeNull();
  }));

test('restoreOccupancy knows limits and what is under way after a restart', () =>
  inWorld(async (world) => {
    const serving = await servingAgent(world);
    const { operator, seed, services } = world;
    await update(operator, { workspace_id: seed.workspace_id, concurrency: { max: 7 } });
    const running = await approved(world);
    const occupancy = createOccupancy();
    await restoreOccupancy({ ...services, occupancy });
    const restarted = { ...world, services: { ...services, occupancy } };
    const next = await askFor(world, 'demo_wipe');
    const id = ApprovalId.parse(next.approval?.id);
    await approve({ ...world.approver, occupancy }, { id, confirm: 'demo_wipe' });
    expect(await isGiven(world, next)).toBe(false);
    await finish(restarted, running);
    expect(await fill(restarted, serving)).toBe(1);
    expect(await isGiven(world, next)).toBe(true);
  }));
