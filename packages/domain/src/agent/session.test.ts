import { EnrolledBody, hashJson, type HelloBody } from '@xem/protocol';
import { expect, test } from 'vitest';
import { enroll } from '../enrollment/enroll.ts';
import { list as listJoinKeys } from '../join-key/list.ts';
import { list as listJournal } from '../journal/list.ts';
import { inWorld, onlineAgent, testHost, testJoinKey, testTool, type TestWorld } from '../testing/index.ts';
import { lapse } from './lapse.ts';
import { renew } from './renew.ts';
import { welcome } from './welcome.ts';

const manifest = { manifest_version: 1, workspaces: [], tools: [testTool()] };

/** A host that has enrolled and not yet said hello. */
async function enrolled(world: TestWorld, name = 'xem-test') {
  const host = testHost(world.services, name);
  const joinKey = await testJoinKey(world.operator, { name });
  const { answer } = await enroll(world.services, {
    body: host.request(joinKey, manifest),
    sourceAddress: null,
  });
  const { ok, ...rest } = EnrolledBody.parse(answer);
  if (!ok || !('agent_id' in rest)) throw new Error('the host was refused');
  return { host, agentId: rest.agent_id };
}

/** One hello of an enrolled host. */
const greet = (
  world: TestWorld,
  { host, agentId }: Awaited<ReturnType<typeof enrolled>>,
  said: Partial<HelloBody> = {},
) =>
  welcome(world.services, {
    session: world.services.ids.hex(),
    agentId,
    curveKey: host.curveKey,
    hello: { ...host.hello(agentId, hashJson(manifest)), ...said },
    sourceAddress: '192.0.2.7',
  });

const newest = async ({ operator }: TestWorld, limit: number) =>
  (await listJournal(operator, { limit })).data.map(({ type }) => type).toReversed();

test('agent.welcome opens the first epoch, confirms the use of the join key and puts the agent online', () =>
  inWorld(async (world) => {
    const host = await enrolled(world);
    const { agent, terms, arrival } = await greet(world, host);
    expect(agent).toMatchObject({
      status: 'online',
      epoch: 1,
      sourceAddress: '192.0.2.7',
      lastSeenAt: world.clock.now(),
    });
    expect(terms).toEqual({
      epoch: 1,
      lease_ttl_ms: 30_000,
      lease_renewal_interval_ms: 10_000,
      bindings: [],
      send_manifest: false,
    });
    expect(arrival).toMatchObject({
      agentId: host.agentId,
      epoch: 1,
      slots: 4,
      inFlight: [],
      leaseEndsAt: 30_000,
    });
    expect(await newest(world, 2)).toEqual(['join_key.confirmed', 'agent.online']);
    expect((await listJoinKeys(world.operator, { limit: 1 })).data[0]).toMatchObject({
      uses_confirmed: 1,
      uses_reserved: 0,
    });
    await world.clock.advance(600_000);
    expect(await world.store.read.joinKeys.lapsed(world.clock.now(), 10)).toEqual([]);
  }));

test('agent.welcome of an agent that is online opens the next epoch and is no news', () =>
  inWorld(async (world) => {
    const host = await enrolled(world);
    await greet(world, host);
    const before = await newest(world, 1);
    const { terms } = await greet(world, host, { journal_id: 'a'.repeat(24) });
    expect(terms.epoch).toBe(2);
    expect(await newest(world, 1)).toEqual(before);
    expect(await world.store.read.agents.find(host.agentId)).toMatchObject({ journalId: 'a'.repeat(24) });
  }));

test('agent.welcome asks for a manifest the router does not have', () =>
  inWorld(async (world) => {
    const { terms } = await greet(world, await enrolled(world), { manifest_hash: '0'.repeat(64) });
    expect(terms.send_manifest).toBe(true);
  }));

test('agent.welcome refuses an agent whose enrolment was not finished in time', () =>
  inWorld(async (world) => {
    const host = await enrolled(world);
    await world.clock.advance(600_000);
    await expect(greet(world, host)).rejects.toMatchObject({ code: 'join_key_expired' });
  }));

test('agent.welcome refuses an agent that was replaced', () =>
  inWorld(async (world) => {
    const old = await enrolled(world);
    await greet(world, old);
    const joinKey = await testJoinKey(world.operator, { name: 'xem-test', replace: true });
    const body = testHost(world.services).request(joinKey, manifest);
    await enroll(world.services, { body, sourceAddress: null });
    await expect(greet(world, old)).rejects.toMatchObject({ code: 'invalid_state' });
  }));

test('agent.lapse puts an agent offline once, and says when it was seen last', () =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world);
    const lastRenewal = world.clock.now();
    await world.clock.advance(30_000);
    expect(await lapse(world.services, agent.id)).toBe(true);
    expect(world.services.fleet.find(agent.id)).toBeNull();
    expect(await world.store.read.agents.find(agent.id)).toMatchObject({
      status: 'offline',
      lastSeenAt: lastRenewal,
      connectionSince: world.clock.now(),
    });
    expect(await newest(world, 1)).toEqual(['agent.offline']);
    expect(await lapse(world.services, agent.id)).toBe(false);
  }));

test('agent.lapse keeps an agent that renewed its lease or came back meanwhile', () =>
  inWorld(async (world) => {
    const { services, clock } = world;
    const host = await enrolled(world);
    await greet(world, host);
    await clock.advance(29_999);
    expect(await lapse(services, host.agentId)).toBe(false);
    await clock.advance(1);
    const [, lapsed] = await Promise.all([greet(world, host), lapse(services, host.agentId)]);
    expect(lapsed).toBe(false);
    expect(await world.store.read.agents.find(host.agentId)).toMatchObject({ status: 'online', epoch: 2 });
    expect(services.fleet.find(host.agentId)).toMatchObject({ epoch: 2, session: null, leaseEndsAt: 60_000 });
  }));

test('agent.lapse ends the lease of an agent that never heard of its welcome', () =>
  inWorld(async (world) => {
    const { services, clock } = world;
    const host = await enrolled(world);
    await greet(world, host);
    expect([...services.fleet.all()].map(({ session }) => session)).toEqual([null]);
    await clock.advance(30_000);
    expect(await lapse(services, host.agentId)).toBe(true);
  }));

const renewal = (said: object = {}) => ({
  v: 1 as const,
  manifest_version: 1,
  manifest_hash: hashJson(manifest),
  in_flight: [],
  load: { slots: 8, in_flight: 0 },
  sent_at: 0,
  ...said,
});

test('agent.renew lengthens the lease and takes over the number of slots', () =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world);
    await world.clock.advance(10_000);
    const answer = await renew(world.services, { agentId: agent.id, body: renewal(), roundTripMs: 3 });
    expect(answer).toEqual({ lease_ttl_ms: 30_000, bindings: [], send_manifest: false });
    expect(world.services.fleet.find(agent.id)).toMatchObject({
      slots: 8,
      leaseEndsAt: 40_000,
      roundTripMs: 3,
    });
  }));

test('agent.renew asks for a manifest that changed, and takes it over when it comes along', () =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world);
    const next = { ...manifest, manifest_version: 2, tools: [testTool(), testTool({ name: 'new' })] };
    const said = { manifest_version: 2, manifest_hash: hashJson(next) };
    const send = (body: object) =>
      renew(world.services, { agentId: agent.id, body: renewal(body), roundTripMs: null });
    expect(await send(said)).toMatchObject({ send_manifest: true });
    expect(await send({ ...said, manifest: next })).toMatchObject({ send_manifest: false });
    expect(world.services.catalogue.find(agent.projectId, 'new')).not.toBeNull();
  }));

test('agent.welcome of an agent with another manifest holds its work until a renewal brings it', () =>
  inWorld(async (world) => {
    const { services } = world;
    const next = { ...manifest, manifest_version: 2, tools: [] };
    const host = await enrolled(world);
    await greet(world, host, { manifest_version: 2, manifest_hash: hashJson(next) });
    const holds = () => services.fleet.find(host.agentId)?.holds;
    expect(holds()).toEqual(new Set(['unread']));
    const body = renewal({ manifest_version: 2, manifest_hash: hashJson(next), manifest: next });
    await renew(services, { agentId: host.agentId, body, roundTripMs: null });
    expect(holds()).toEqual(new Set());
  }));

test('agent.renew goes on under the old manifest when the new one is broken', () =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world);
    const body = renewal({ manifest_hash: '0'.repeat(64), manifest: { tools: 'none' } });
    const answer = await renew(world.services, { agentId: agent.id, body, roundTripMs: null });
    expect(answer.send_manifest).toBe(false);
    expect(world.services.catalogue.find(agent.projectId, 'demo_echo')).not.toBeNull();
    expect(world.logged.map(({ event }) => event)).toContain('agent.manifest_refused');
  }));
