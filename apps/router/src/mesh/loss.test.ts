import { agent as agentVerbs } from '@xem/domain';
import { expect, test } from 'vitest';
import { startLeases } from '../loops/leases.ts';
import { inMeshWorld, type MeshWorld } from '../testing/mesh-world.ts';

const NOTICED_MS = 1000;
const LEASE_MS = 30_000;
const ROUND_MS = 500;

const shown = ({ operator, agent }: MeshWorld) => agentVerbs.get(operator, { id: agent.agentId });

test('agent.connection tells of a broken line within a second, and the lease of the agent within three renewals', () =>
  inMeshWorld(async (world) => {
    const { network, agent, clock, services } = world;
    const leases = startLeases(services);
    agent.renew();
    await clock.advance(10);
    expect(await shown(world)).toMatchObject({ status: 'online', connection: { state: 'connected' } });
    network.cut(agent.curve.publicKey);
    network.part(agent.curve.publicKey);
    await clock.advance(NOTICED_MS);
    expect(await shown(world)).toMatchObject({ status: 'online', connection: { state: 'disconnected' } });
    await clock.advance(LEASE_MS - NOTICED_MS - ROUND_MS);
    expect((await shown(world)).status).toBe('online');
    await clock.advance(2 * ROUND_MS);
    expect((await shown(world)).status).toBe('offline');
    await leases.stop();
  }));

test('agent.connection tells of a line that fell silent before the lease is over', () =>
  inMeshWorld(async (world) => {
    const { network, agent, until, services } = world;
    agent.renew();
    network.part(agent.curve.publicKey);
    await until(() => services.fleet.find(agent.agentId)?.session === null);
    expect(await shown(world)).toMatchObject({ status: 'online', connection: { state: 'disconnected' } });
    network.heal(agent.curve.publicKey);
    await until(() => typeof services.fleet.find(agent.agentId)?.session === 'string');
    expect(await shown(world)).toMatchObject({ status: 'online', connection: { state: 'connected' } });
  }));
