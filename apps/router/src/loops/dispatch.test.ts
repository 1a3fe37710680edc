import { approval, invocation, workspace } from '@xem/domain';
import { askFor, rowOf } from '@xem/domain/testing';
import {
  ApprovalId,
  ARGS_BYTES_MAX,
  ExecutionId,
  InvocationId,
  PROTOCOL_VERSION,
  REFUSALS_FOR_NOW,
  type Invocation,
} from '@xem/protocol';
import { expect, test } from 'vitest';
import { inMeshWorld, keyOfCall, type MeshWorld } from '../testing/mesh-world.ts';

test('dispatch sends a call to its agent once it is committed', () =>
  inMeshWorld(async (world) => {
    const { agent, until } = world;
    const asked = await askFor(world, 'demo_echo', { args: { word: 'hello' } });
    await until(() => agent.orders().length > 0);
    expect(agent.orders()).toEqual([
      expect.objectContaining({
        ...keyOfCall(asked),
        agent_id: agent.agentId,
        tool: 'demo_echo',
        args: { word: 'hello' },
      }),
    ]);
  }));

test('dispatch sends nothing of a call that waits for its approval', () =>
  inMeshWorld(async (world) => {
    await askFor(world, 'demo_effect');
    await world.clock.advance(7000);
    expect(world.agent.orders()).toEqual([]);
  }));

test('dispatch gives the slot of a run that ended to the call that waits longest', () =>
  inMeshWorld(async (world) => {
    const { agent, until } = world;
    const running = [];
    for (let slot = 0; slot < 4; slot += 1) running.push(await askFor(world, 'demo_echo'));
    const [first, second] = [await askFor(world, 'demo_echo'), await askFor(world, 'demo_echo')];
    await until(() => agent.orders().length === 4);
    expect(first.execution_id).toBeNull();
    const [done] = agent.orders();
    if (!done) throw new Error('no order came');
    agent.accept(done);
    agent.end(done);
    await until(() => agent.orders().length === 5);
    expect(agent.orders().at(-1)?.invocation_id).toBe(first.id);
    expect(await rowOf(world, second)).toMatchObject({ status: 'queued', executionId: null });
    expect(running.map(({ id }) => id)).toContain(done.invocation_id);
  }));

test('dispatch sends an order again until it is accepted, always for the same attempt', () =>
  inMeshWorld(async (world) => {
    const { agent, until, clock } = world;
    const asked = await askFor(world, 'demo_write');
    await until(() => agent.orders().length === 2);
    agent.accept(keyOfCall(asked));
    await clock.advance(12_000);
    expect(agent.orders().map(({ execution_id, attempt }) => ({ execution_id, attempt }))).toEqual([
      keyOfCall(asked),
      keyOfCall(asked),
    ]);
  }));

test('dispatch tells the agent to stop a run whose cancel was asked for', () =>
  inMeshWorld(async (world) => {
    const { agent, until, service } = world;
    const asked = await askFor(world, 'demo_write');
    await until(() => agent.orders().length === 1);
    agent.accept(keyOfCall(asked));
    await world.clock.advance(10);
    await invocation.cancel(service, { id: asked.id });
    await until(() => agent.cancels().length > 0);
    expect(agent.cancels()).toEqual([keyOfCall(asked)]);
  }));

test.each(REFUSALS_FOR_NOW)(
  'dispatch does not throw a call refused with %s back at its agent before that renews its lease',
  (reason) =>
    inMeshWorld(async (world) => {
      const { agent, until, clock } = world;
      const asked = await askFor(world, 'demo_write');
      await until(() => agent.orders().length === 1);
      agent.refuse(keyOfCall(asked), reason);
      await clock.advance(7000);
      expect(agent.orders()).toHaveLength(1);
      expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', executionId: null });
      agent.renew();
      await until(() => agent.orders().length === 2);
      expect(agent.orders().at(-1)).toMatchObject({ invocation_id: asked.id, attempt: 2 });
    }),
);

test('dispatch offers an agent that comes back what was asked while its line was down', () =>
  inMeshWorld(async (world) => {
    const { agent, until, services, network } = world;
    network.cut(agent.curve.publicKey);
    await until(() => services.fleet.find(agent.agentId)?.session === null);
    const asked = await askFor(world, 'demo_echo');
    expect(asked.execution_id).toBeNull();
    await until(() => agent.orders().length === 1);
    expect(agent.orders()[0]).toMatchObject({ invocation_id: asked.id, attempt: 1 });
  }));

const approved = async (world: MeshWorld): Promise<Invocation> => {
  const asked = await askFor(world, 'demo_effect');
  await approval.approve(world.approver, { id: ApprovalId.parse(asked.approval?.id) });
  return asked;
};

test('dispatch gives out the destructive call that waits as soon as the one before it has ended', () =>
  inMeshWorld(async (world) => {
    const { agent, until, clock } = world;
    const [first, second] = [await approved(world), await approved(world)];
    await askFor(world, 'demo_echo');
    await until(() => agent.orders().length === 2);
    expect(agent.orders().map(({ tool }) => tool)).toEqual(['demo_effect', 'demo_echo']);
    const [order] = agent.orders();
    if (!order) throw new Error('no order came');
    agent.accept(order);
    await clock.advance(3000);
    expect(agent.orders().map(({ invocation_id }) => invocation_id)).not.toContain(second.id);
    const endedAt = clock.now();
    agent.end(order);
    await until(() => agent.orders().some(({ invocation_id }) => invocation_id === second.id));
    expect(order.invocation_id).toBe(first.id);
    expect(clock.now() - endedAt).toBeLessThan(50);
  }));

test('dispatch gives out what waited for a limit as soon as it is lifted', () =>
  inMeshWorld(async (world) => {
    const { agent, until, clock, operator, seed } = world;
    const limit = (max: number | null) =>
      workspace.update(operator, { workspace_id: seed.workspace_id, concurrency: { max } });
    await limit(1);
    await askFor(world, 'demo_echo');
    await askFor(world, 'demo_echo');
    await clock.advance(3000);
    expect(agent.orders()).toHaveLength(1);
    await limit(null);
    await until(() => agent.orders().length === 2);
  }));

/** More frames than a line in memory holds before it is full. */
const FLOOD = 1100;
const LARGE = { args: { word: 'x'.repeat(ARGS_BYTES_MAX - 100) } };

/** Sends an agent that does not read so many small frames that the next ones must wait. */
async function fillLine({ mesh, agent, clock }: MeshWorld): Promise<void> {
  const session = mesh.sessionOf(agent.agentId)?.name ?? '';
  const execution_id = ExecutionId.parse('00000000-0000-7000-8000-000000000001');
  for (let sent = 0; sent < FLOOD; sent += 1) {
    mesh.send(session, { kind: 'credit', body: { v: PROTOCOL_VERSION, execution_id, attempt: 1, bytes: 1 } });
    await Promise.resolve();
  }
  await clock.advance(5);
}

test('dispatch gives a slow agent no new orders until it has read what it was sent', () =>
  inMeshWorld(async (world) => {
    const { agent, until, clock, network, services } = world;
    const holds = (): ReadonlySet<string> => services.fleet.find(agent.agentId)?.holds ?? new Set();
    network.stall(agent.curve.publicKey, true);
    await fillLine(world);
    const sent: Invocation[] = [];
    for (let nth = 0; nth < 4; nth += 1) sent.push(await askFor(world, 'demo_echo', LARGE));
    expect([...holds()]).toEqual(['slow']);
    agent.end(keyOfCall(sent[0] ?? (await askFor(world, 'demo_echo'))));
    await until(() => services.fleet.find(agent.agentId)?.inFlight.size === 3);
    const later = await askFor(world, 'demo_echo');
    expect(later.execution_id).toBeNull();
    network.stall(agent.curve.publicKey, false);
    await until(() => holds().size === 0);
    await clock.advance(7000);
    const ordered = new Set(agent.orders().map(({ invocation_id }) => invocation_id));
    expect([...sent, later].filter(({ id }) => !ordered.has(InvocationId.parse(id)))).toEqual([]);
  }));
