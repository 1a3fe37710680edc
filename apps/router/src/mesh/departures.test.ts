import { agent as agents, settleDeadline, systemContext } from '@xem/domain';
import { askFor, rowOf, servingAgent } from '@xem/domain/testing';
import { InvocationId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inMeshWorld, keyOfCall, type MeshWorld } from '../testing/mesh-world.ts';

const VERBS = [
  ['agent.evict', agents.evict, 'evicted'],
  ['agent.ban', agents.ban, 'banned'],
  ['agent.revoke_credentials', agents.revokeCredentials, 'credentials_revoked'],
  ['agent.delete', agents.delete, 'deleted'],
] as const;

const fleetOf = ({ services: { fleet } }: MeshWorld) => fleet;

const lossOf = ({ agent }: MeshWorld) => agent.losses().at(-1);

test.each(VERBS)(
  '%s ends the session at once, saying why, and its keys open none any more',
  (_id, verb, code) =>
    inMeshWorld(async (world) => {
      const { agent, operator, until, clock } = world;
      const startedAt = clock.now();
      await verb(operator, { id: agent.agentId });
      await until(() => lossOf(world) !== undefined);
      expect(clock.now() - startedAt).toBeLessThan(100);
      expect(lossOf(world)).toMatchObject({ code, welcomed: true });
      await until(() => lossOf(world)?.code === 'auth');
      expect(agent.welcomes()).toHaveLength(1);
    }),
);

test.each(VERBS)('%s ends what the agent runs in time, as agent_lost', (_id, verb) =>
  inMeshWorld(async (world) => {
    const { agent, operator, services, until, clock } = world;
    const asked = await askFor(world, 'demo_write');
    await until(() => agent.orders().length === 1);
    agent.accept(keyOfCall(asked));
    await clock.advance(10);
    await verb(operator, { id: agent.agentId });
    await until(() => lossOf(world) !== undefined);
    const { deadlineAt } = await rowOf(world, asked);
    expect(deadlineAt).toBeLessThanOrEqual(clock.now() + services.settings.lostGraceMs);
    await clock.advance(services.settings.lostGraceMs);
    await settleDeadline(systemContext(services, operator.projectId), InvocationId.parse(asked.id));
    expect(await rowOf(world, asked)).toMatchObject({ status: 'failed', error: { code: 'agent_lost' } });
  }),
);

test('agent.evict keeps the result that was in before it', () =>
  inMeshWorld(async (world) => {
    const { agent, operator, until, clock } = world;
    const asked = await askFor(world, 'demo_write');
    await until(() => agent.orders().length === 1);
    agent.accept(keyOfCall(asked));
    agent.end(keyOfCall(asked));
    await clock.advance(10);
    await agents.evict(operator, { id: agent.agentId });
    await until(() => lossOf(world) !== undefined);
    expect(await rowOf(world, asked)).toMatchObject({ status: 'completed' });
  }));

test('agent.evict gives a read that ran to another agent', () =>
  inMeshWorld(async (world) => {
    const { agent, operator, until } = world;
    const asked = await askFor(world, 'demo_echo');
    await until(() => agent.orders().length === 1);
    agent.accept(keyOfCall(asked));
    const other = await servingAgent(world, { name: 'other' });
    await agents.evict(operator, { id: agent.agentId });
    await until(() => fleetOf(world).find(other.agent.id)?.inFlight.size === 1);
    expect(await rowOf(world, asked)).toMatchObject({ agentId: other.agent.id, attempt: 2 });
  }));
