import { agent as agents, project as projects, workspace as workspaces } from '@xem/domain';
import { askFor, rowOf } from '@xem/domain/testing';
import { expect, test } from 'vitest';
import { inMeshWorld, keyOfCall, type MeshWorld } from '../testing/mesh-world.ts';

interface Level {
  readonly id: (world: MeshWorld) => string;
  readonly pause: (world: MeshWorld) => Promise<unknown>;
  readonly resume: (world: MeshWorld) => Promise<unknown>;
}

const LEVELS = {
  agent: {
    id: ({ agent }) => agent.agentId,
    pause: ({ operator, agent }) => agents.pause(operator, { id: agent.agentId }),
    resume: ({ operator, agent }) => agents.resume(operator, { id: agent.agentId }),
  },
  workspace: {
    id: ({ seed }) => seed.workspace_id,
    pause: ({ operator, seed }) => workspaces.pause(operator, { workspace_id: seed.workspace_id }),
    resume: ({ operator, seed }) => workspaces.resume(operator, { workspace_id: seed.workspace_id }),
  },
  project: {
    id: ({ operator }) => operator.projectId,
    pause: ({ operator }) => projects.pause(operator, {}),
    resume: ({ operator }) => projects.resume(operator, {}),
  },
} satisfies Record<string, Level>;

const levels: readonly (readonly [string, Level])[] = Object.entries(LEVELS);

test.each(levels)(
  '%s.pause is told to the agent, and %s.resume lets the held call out at once',
  (noun, level) =>
    inMeshWorld(async (world) => {
      const { agent, until } = world;
      await level.pause(world);
      await until(() => agent.pauses().length === 1);
      const asked = await askFor(world, 'demo_echo');
      await world.clock.advance(2000);
      expect(agent.orders()).toEqual([]);
      const resumedAt = world.clock.now();
      await level.resume(world);
      await until(() => agent.orders().length === 1);
      expect(world.clock.now() - resumedAt).toBeLessThan(100);
      expect(agent.orders()[0]?.invocation_id).toBe(asked.id);
      const id = level.id(world);
      expect(agent.pauses()).toEqual([`pause ${noun} ${id}`, `resume ${noun} ${id}`]);
    }),
);

test('a pause is told again after a welcome', () =>
  inMeshWorld(async (world) => {
    const { agent, network, services, until } = world;
    for (const { pause } of Object.values(LEVELS)) await pause(world);
    await until(() => agent.pauses().length === 3);
    const { session } = services.fleet.find(agent.agentId) ?? {};
    network.cut();
    await until(() => {
      const live = services.fleet.find(agent.agentId);
      return live !== null && live.session !== null && live.session !== session;
    });
    await until(() => agent.pauses().length === 6);
    expect(agent.pauses().slice(3).toSorted()).toEqual(agent.pauses().slice(0, 3).toSorted());
  }));

test('agent.resume offers work at once to an agent that refused an order under the pause', () =>
  inMeshWorld(async (world) => {
    const { agent, until } = world;
    const asked = await askFor(world, 'demo_write');
    await until(() => agent.orders().length === 1);
    await LEVELS.agent.pause(world);
    agent.refuse(keyOfCall(asked), 'paused');
    await world.clock.advance(1000);
    expect(await rowOf(world, asked)).toMatchObject({
      status: 'queued',
      heldRemainingMs: expect.any(Number),
    });
    await LEVELS.agent.resume(world);
    await until(() => agent.orders().length === 2);
    expect(agent.orders()[1]).toMatchObject({ invocation_id: asked.id, attempt: 2 });
  }));
