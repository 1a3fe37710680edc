import { invocation } from '@xem/domain';
import { askFor, rowOf } from '@xem/domain/testing';
import { REFUSALS_FOR_NOW } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inMeshWorld, keyOfCall } from '../testing/mesh-world.ts';

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
