import {
  agent as agents,
  createCatalogue,
  createFleet,
  createOccupancy,
  createPauses,
  lapseAgent,
  type Services,
} from '@xem/domain';
import {
  askFor,
  comeBack,
  inConflict,
  inWorld,
  rivals,
  rowOf,
  servingAgent,
  start,
} from '@xem/domain/testing';
import { expect, test } from 'vitest';
import { recover } from './recover.ts';

/** The services of a router that starts again on the same store: nothing of its memory is left. */
const restarted = (services: Services): Services => ({
  ...services,
  fleet: createFleet(),
  occupancy: createOccupancy(),
  catalogue: createCatalogue(),
  pauses: createPauses(),
});

test('recover gives an agent that was online a full lease, and its open attempts their slots', () =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    const services = restarted(world.services);
    await recover(services);
    expect(services.fleet.find(agent.id)).toMatchObject({
      session: null,
      inFlight: new Set([asked.execution_id]),
      leaseEndsAt: world.clock.monotonic() + 30_000,
    });
  }));

test('recover knows the tools of the agents that were online', () =>
  inWorld(async (world) => {
    await servingAgent(world);
    const services = restarted(world.services);
    await recover(services);
    const { projectId } = world.operator;
    expect(services.catalogue.find(projectId, 'demo_echo', world.seed.workspace_id)).not.toBeNull();
  }));

test('recover knows what is paused', () =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    await agents.pause(world.operator, { id: agent.id, reason: 'upgrade' });
    const services = restarted(world.services);
    await recover(services);
    expect(services.pauses.find(agent.id)).toMatchObject({ reason: 'upgrade' });
  }));

test('recover ends what ran on an agent that was taken out just before the router stopped', () =>
  inWorld(async (world) => {
    const { agent } = await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    await world.store.transact(async (tx) => {
      const row = await tx.agents.find(agent.id);
      if (row) await tx.agents.save({ ...row, status: 'evicted' });
    });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'running' });
    const services = restarted(world.services);
    await recover(services);
    expect(services.fleet.find(agent.id)).toBeNull();
    expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', losses: 1 });
  }));

test('recover keeps two agents in conflict over their name, each with a lease to come back in', () =>
  inWorld(async (world) => {
    const { both } = await inConflict(world);
    const services = restarted(world.services);
    await recover(services);
    for (const { agent } of [both.incumbent, both.challenger]) {
      expect(services.fleet.find(agent.id)).toMatchObject({ leaseEndsAt: world.clock.monotonic() + 30_000 });
      expect(services.fleet.isOnline(agent.id)).toBe(false);
    }
  }));

test('recover takes one in conflict that was away for one that is away, and it is in conflict when it comes back', () =>
  inWorld(async (world) => {
    const { incumbent, both } = await inConflict(world);
    const lastSeenAt = world.clock.now();
    await world.clock.advance(31_000);
    await lapseAgent(world.services, incumbent);
    const services = restarted(world.services);
    await recover(services);
    expect(services.fleet.find(incumbent)).toBeNull();
    expect(await world.store.read.agents.find(incumbent)).toMatchObject({ status: 'conflict', lastSeenAt });
    await comeBack({ ...world, services }, both.incumbent);
    expect(services.fleet.find(incumbent)).not.toBeNull();
    expect(services.fleet.isOnline(incumbent)).toBe(false);
  }));

test('recover leaves a running attempt with an agent in conflict', () =>
  inWorld(async (world) => {
    const { incumbent, challenger } = await rivals(world);
    const asked = await askFor(world, 'demo_write');
    await start(world, asked);
    await comeBack(world, incumbent);
    await recover(restarted(world.services));
    expect(await rowOf(world, asked)).toMatchObject({ status: 'running', agentId: challenger.agent.id });
  }));
