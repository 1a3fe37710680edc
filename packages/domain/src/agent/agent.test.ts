import { Agent, AgentConnectivity, AgentEnvironment, AgentId, AgentManifest } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inWorld, onlineAgent, testTool, type TestWorld } from '../testing/index.ts';
import { connectivity } from './connectivity.ts';
import { environment } from './environment.ts';
import { get } from './get.ts';
import { lapse } from './lapse.ts';
import { list } from './list.ts';
import { manifest } from './manifest.ts';

const served = (world: TestWorld) =>
  onlineAgent(world, { workspaces: [world.seed.workspace_id], tools: [testTool(), testTool({ name: 'b' })] });

test('agent.get shows an agent that is online', () =>
  inWorld(async (world) => {
    const { agent, arrival } = await served(world);
    await world.clock.advance(5000);
    world.services.fleet.renew(agent.id, {
      slots: 4,
      leaseEndsAt: arrival.leaseEndsAt + 5000,
      lastRenewalAt: world.clock.monotonic(),
      roundTripMs: 1,
    });
    const shown = Agent.parse(await get(world.service, { id: agent.id }));
    expect(shown).toMatchObject({
      registration_name: 'xem-test',
      region: null,
      version: '0.1.0',
      status: 'online',
      paused: null,
      workspaces: [{ id: world.seed.workspace_id, name: 'demo', paused: false }],
      manifest: { version: 1, tools: 2, pending_changes: [] },
      capacity: { slots: 4, in_flight: 0 },
      connection: { state: 'connected', since: '2026-01-01T00:00:00.000Z', source_address: '127.0.0.1' },
      curve_fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      signing_fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      lease: { expires_at: '2026-01-01T00:00:35.000Z', renewal_interval_ms: 10_000, ttl_ms: 30_000 },
      last_seen_at: '2026-01-01T00:00:05.000Z',
    });
  }));

test('agent.get shows a line that is down under a lease that holds, and then an agent that is offline', () =>
  inWorld(async (world) => {
    const { agent, arrival } = await served(world);
    await world.clock.advance(5000);
    world.services.fleet.disconnect(agent.id, arrival.session ?? '');
    expect(await get(world.operator, { id: agent.id })).toMatchObject({
      status: 'online',
      connection: { state: 'disconnected', since: '2026-01-01T00:00:00.000Z' },
    });
    await world.clock.advance(25_000);
    await lapse(world.services, agent.id);
    expect(await get(world.operator, { id: agent.id })).toMatchObject({
      status: 'offline',
      capacity: { slots: 4, in_flight: 0 },
      connection: { state: 'disconnected', since: '2026-01-01T00:00:30.000Z' },
      lease: { expires_at: null },
      last_seen_at: '2026-01-01T00:00:00.000Z',
    });
  }));

test('agent.list filters by status and by workspace', () =>
  inWorld(async (world) => {
    const first = await served(world);
    const second = await onlineAgent(world, { name: 'second' });
    await world.clock.advance(30_000);
    await lapse(world.services, second.agent.id);
    const ids = async (filter: Partial<Parameters<typeof list>[1]>) =>
      (await list(world.operator, { limit: 20, ...filter })).data.map(({ id }) => id);
    expect((await ids({})).toSorted()).toEqual([first.agent.id, second.agent.id].toSorted());
    expect(await ids({ status: 'offline' })).toEqual([second.agent.id]);
    expect(await ids({ workspace_id: world.seed.workspace_id })).toEqual([first.agent.id]);
    expect((await list(world.foreigner, { limit: 20 })).data).toEqual([]);
  }));

test('agent.manifest and agent.environment show what an agent told', () =>
  inWorld(async (world) => {
    const { agent } = await served(world);
    const published = AgentManifest.parse(await manifest(world.service, { id: agent.id }));
    expect(published.manifest.tools.map(({ name }) => name)).toEqual(['demo_echo', 'b']);
    expect(published.manifest_hash).toBe(agent.manifestHash);
    const told = AgentEnvironment.parse(await environment(world.service, { id: agent.id }));
    expect(told).toMatchObject({ os: 'linux', limits: { max_concurrent_executions: 4 } });
  }));

test('agent.connectivity shows what the mesh measures of a session', () =>
  inWorld(async (world) => {
    const { agent, arrival } = await served(world);
    await world.clock.advance(2000);
    const measured = { connectedAt: world.clock.now() - 2000, bytesIn: 10, bytesOut: 20, badFrames: 1 };
    const connections = {
      stats: (session: string) => (session === arrival.session ? measured : null),
      lastErrorOf: () => ({ code: 'gone', message: 'the line is gone', at: world.clock.now() - 3000 }),
    };
    expect(
      AgentConnectivity.parse(await connectivity({ ...world.operator, connections }, { id: agent.id })),
    ).toEqual({
      object: 'agent_connectivity',
      agent_id: agent.id,
      state: 'connected',
      session: arrival.session,
      epoch: 1,
      connected_at: '2026-01-01T00:00:00.000Z',
      lease_age_ms: 2000,
      round_trip_ms: null,
      reconnects: 0,
      bytes_in: 10,
      bytes_out: 20,
      bad_frames: 1,
      last_error: { code: 'gone', message: 'the line is gone', at: '2025-12-31T23:59:59.000Z' },
    });
  }));

test('agent.connectivity of an agent that is offline shows nothing of a session', () =>
  inWorld(async (world) => {
    const { agent } = await served(world);
    await world.clock.advance(30_000);
    await lapse(world.services, agent.id);
    expect(await connectivity(world.operator, { id: agent.id })).toMatchObject({
      state: 'disconnected',
      session: null,
      epoch: 1,
      connected_at: null,
      lease_age_ms: null,
      bytes_in: 0,
    });
  }));

const refusal = (id: string) => ({
  code: 'agent_not_found',
  status: 404,
  message: `the project has no agent ${id}`,
});

test.each([
  ['get', get],
  ['manifest', manifest],
  ['environment', environment],
  ['connectivity', connectivity],
])('agent.%s refuses another project’s agent as it refuses none', (_, read) =>
  inWorld(async (world) => {
    const { agent } = await served(world);
    const none = AgentId.parse(`agt_${'0'.repeat(24)}`);
    await expect(read(world.foreigner, { id: agent.id })).rejects.toMatchObject(refusal(agent.id));
    await expect(read(world.foreigner, { id: none })).rejects.toMatchObject(refusal(none));
  }),
);
