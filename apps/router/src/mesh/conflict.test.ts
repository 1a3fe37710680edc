import { agent as agentVerbs, lapseAgent } from '@xem/domain';
import { askFor, report, rowOf, testJoinKey, TOOLS } from '@xem/domain/testing';
import type { LinkRecord } from '@xem/mesh/testing';
import { WorkOrder, type AttemptKey } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inMeshWorld, type MeshWorld } from '../testing/mesh-world.ts';
import { after, newcomer } from '../testing/newcomer.ts';

const LEASE_MS = 30_000;

const conflictsIn = ({ frames }: Pick<LinkRecord, 'frames'>) =>
  frames.flatMap((frame) => (frame.kind === 'conflict' ? [frame.body] : []));

const keyOf = ({ execution_id, attempt }: AttemptKey): AttemptKey => ({ execution_id, attempt });

const ordersIn = ({ frames }: Pick<LinkRecord, 'frames'>) =>
  frames.flatMap((frame) =>
    frame.kind === 'dispatch' ? WorkOrder.parse(JSON.parse(Buffer.from(frame.body.order).toString())) : [],
  );

/** The agent of the world went away, and another host took its name and its work meanwhile. */
async function succeeded(world: MeshWorld) {
  const { agent, clock, services, until, seed } = world;
  world.network.part(agent.curve.publicKey);
  await until(() => services.fleet.find(agent.agentId)?.session === null);
  await clock.advance(LEASE_MS);
  await lapseAgent(services, agent.agentId);
  const manifest = { manifest_version: 1, workspaces: [{ id: seed.workspace_id }], tools: TOOLS };
  const host = newcomer(world, { label: 'second', name: 'xem-test', manifest });
  const key = { name: 'xem-test', workspaces: [seed.workspace_id] };
  const answer = await after(world, host.enrol(await testJoinKey(world.operator, key)));
  if (!answer.ok) throw new Error(answer.message);
  const link = host.dial(answer.agent_id);
  await until(() => services.fleet.roomOf(answer.agent_id) > 0);
  return { first: agent.agentId, second: answer.agent_id, host, link };
}

/** And then it comes back. */
async function clash({ agent, network, until }: MeshWorld, { link }: Awaited<ReturnType<typeof succeeded>>) {
  network.heal(agent.curve.publicKey);
  const toldFirst = () => conflictsIn({ frames: [...agent.heard()] });
  await until(() => toldFirst().length > 0 && conflictsIn(link.record).length > 0);
  return toldFirst;
}

async function inConflict(world: MeshWorld) {
  const pair = await succeeded(world);
  return { ...pair, toldFirst: await clash(world, pair) };
}

test('conflict is told to both over their own sessions, which stay open', () =>
  inMeshWorld(async (world) => {
    const { first, second, link, toldFirst } = await inConflict(world);
    const [told] = toldFirst();
    expect(told).toMatchObject({
      code: 'agent_name_conflict',
      incumbent: { agent_id: first, source_address: '127.0.0.1' },
      challenger: { agent_id: second, source_address: '127.0.0.1' },
      operator_action: expect.stringContaining('xeroctl agents resolve-conflict'),
    });
    expect(conflictsIn(link.record)).toMatchObject([{ incumbent: { agent_id: first } }]);
    await world.clock.advance(2000);
    expect([world.mesh.sessionOf(first), world.mesh.sessionOf(second)]).not.toContain(null);
    expect(link.record.losses).toEqual([]);
    await after(world, link.link.close());
  }));

test('conflict is told again in every new session', () =>
  inMeshWorld(async (world) => {
    const { link, host, toldFirst } = await inConflict(world);
    world.network.cut(world.agent.curve.publicKey);
    world.network.cut(host.keys.curve.publicKey);
    await world.until(() => toldFirst().length > 1 && conflictsIn(link.record).length > 1);
    await after(world, link.link.close());
  }));

test('conflict keeps what waits from both, and hands it to the one that is kept as soon as a person says so', () =>
  inMeshWorld(async (world) => {
    const { agent, until, clock, services } = world;
    const pair = await succeeded(world);
    const { link, record } = pair.link;
    const running = [];
    for (let slot = 0; slot < 4; slot += 1) running.push(await askFor(world, 'demo_write'));
    const waiting = await askFor(world, 'demo_write');
    await until(() => ordersIn(record).length === 4);
    for (const order of ordersIn(record)) link.send({ kind: 'accept', body: { v: 1, ...keyOf(order) } });
    await clash(world, pair);
    for (const order of ordersIn(record))
      link.send({ kind: 'result', body: { v: 1, ...keyOf(order), ...report() } });
    await clock.advance(2000);
    agent.renew();
    await clock.advance(2000);
    for (const call of running) expect(await rowOf(world, call)).toMatchObject({ status: 'completed' });
    expect(await rowOf(world, waiting)).toMatchObject({ status: 'queued', executionId: null });
    expect(agent.orders()).toEqual([]);
    await agentVerbs.resolveConflict(world.operator, { id: pair.first, keep: 'challenger' });
    await until(() => ordersIn(record).some(({ invocation_id }) => invocation_id === waiting.id));
    expect(services.fleet.isOnline(pair.second)).toBe(true);
    await after(world, link.close());
  }));

test('conflict that was lost ends the session with its code, and the agent gets in no more', () =>
  inMeshWorld(async (world) => {
    const { first, second, link, host } = await inConflict(world);
    await agentVerbs.resolveConflict(world.operator, { id: first, keep: 'incumbent' });
    await world.until(() => link.record.rejections.length > 0);
    expect(link.record.losses[0]).toMatchObject({ code: 'agent_name_conflict', welcomed: true });
    expect(link.record.rejections).toMatchObject([{ code: 'curve_key_rejected' }]);
    expect(ordersIn(link.record)).toEqual([]);
    expect(world.mesh.sessionOf(second)).toBeNull();
    await after(world, link.link.close());
    const again = host.dial(second);
    await world.until(() => again.record.rejections.length > 0);
    await after(world, again.link.close());
  }));
