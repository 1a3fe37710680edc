import { agent as agents, workspace as workspaces } from '@xem/domain';
import { askFor, rowOf, servingAgent } from '@xem/domain/testing';
import { expect, test } from 'vitest';
import { inMeshWorld, type MeshWorld } from '../testing/mesh-world.ts';

/** A call that waits for a slot of the agent, beside which there is one that is paused. */
async function waitingBesidePaused(world: MeshWorld) {
  const other = await servingAgent(world, { name: 'other' });
  await agents.pause(world.operator, { id: other.agent.id });
  for (let slot = 0; slot < 4; slot += 1) await askFor(world, 'demo_write');
  const waiting = await askFor(world, 'demo_write');
  expect(await rowOf(world, waiting)).toMatchObject({ heldAt: null });
  return waiting;
}

const binding = ({ seed, agent }: MeshWorld) => ({
  workspace_id: seed.workspace_id,
  agent_id: agent.agentId,
});

test.each<readonly [string, (world: MeshWorld) => Promise<unknown>]>([
  ['agent.evict', (world) => agents.evict(world.operator, { id: world.agent.agentId })],
  ['agent.delete', (world) => agents.delete(world.operator, { id: world.agent.agentId })],
  ['workspace.unbind', (world) => workspaces.unbind(world.operator, binding(world))],
])('%s leaves what waits to the pause of the agents that are left', (_id, verb) =>
  inMeshWorld(async (world) => {
    const waiting = await waitingBesidePaused(world);
    await verb(world);
    await world.clock.advance(10);
    expect(await rowOf(world, waiting)).toMatchObject({ heldAt: expect.any(Number) });
  }),
);

test('workspace.bind lets the clock of a call run on that an agent could take again', () =>
  inMeshWorld(async (world) => {
    const waiting = await waitingBesidePaused(world);
    await workspaces.unbind(world.operator, binding(world));
    await world.clock.advance(10);
    await workspaces.bind(world.operator, binding(world));
    await world.clock.advance(10);
    expect(await rowOf(world, waiting)).toMatchObject({ heldAt: null, heldRemainingMs: null });
  }));
