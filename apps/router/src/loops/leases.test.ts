import { askFor, inWorld, rowOf, servingAgent, start } from '@xem/domain/testing';
import { expect, test } from 'vitest';
import { startLeases } from './leases.ts';

const LEASE_MS = 30_000;

test('leases ends the lease of a silent agent, and what it only read goes back to the queue', () =>
  inWorld(async (world) => {
    const { services, clock, store } = world;
    const { agent } = await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    const loop = startLeases(services);
    await clock.advance(LEASE_MS + 1000);
    await loop.stop();
    expect(services.fleet.find(agent.id)).toBeNull();
    expect(await store.read.agents.find(agent.id)).toMatchObject({ status: 'offline' });
    expect(await rowOf(world, asked)).toMatchObject({ status: 'queued', executionId: null, losses: 1 });
  }));

test('leases leaves a write to its agent until the grace is over', () =>
  inWorld(async (world) => {
    const { services, clock } = world;
    await servingAgent(world);
    const asked = await askFor(world, 'demo_write');
    await start(world, asked);
    const loop = startLeases(services);
    await clock.advance(LEASE_MS + 1000);
    await loop.stop();
    expect(await rowOf(world, asked)).toMatchObject({ status: 'running', executionId: asked.execution_id });
  }));

test('leases gives everybody a full lease after a stall', () =>
  inWorld(async (world) => {
    const { services, clock } = world;
    const { agent } = await servingAgent(world);
    const loop = startLeases(services);
    await clock.advance(1000);
    clock.skip(LEASE_MS);
    await clock.advance(LEASE_MS - 1000);
    expect(services.fleet.find(agent.id)).not.toBeNull();
    await clock.advance(2000);
    await loop.stop();
    expect(services.fleet.find(agent.id)).toBeNull();
  }));

test('leases ends a lease and gives up what ran under it in one commit', () =>
  inWorld(async (world) => {
    const { services, clock, store } = world;
    await servingAgent(world);
    const asked = await askFor(world, 'demo_echo');
    await start(world, asked);
    const commits: (readonly string[])[] = [];
    store.onCommit((entries) => commits.push(entries.map(({ type }) => type)));
    const loop = startLeases(services);
    await clock.advance(LEASE_MS + 1000);
    await loop.stop();
    expect(commits).toEqual([['agent.offline', 'execution.ended', 'invocation.queued']]);
  }));
