import { generateCurvePair } from '@xem/mesh';
import { hashJson, type AgentId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { agentContext } from '../context.ts';
import { list as listJournal } from '../journal/list.ts';
import { inWorld, onlineAgent, type TestWorld } from '../testing/index.ts';
import { admitNextKey } from './admit-next-key.ts';
import { curveRotate } from './curve-rotate.ts';
import { dropRotations } from './drop-rotations.ts';
import { agentKeys } from './keys.ts';
import { lapse } from './lapse.ts';
import { welcome } from './welcome.ts';

const TEN_MINUTES_MS = 600_000;

/** An agent that was asked for a new key. */
async function asked(world: TestWorld, name = 'xem-test') {
  const { agent, host } = await onlineAgent(world, { name });
  const { id } = agent;
  await curveRotate(world.operator, { id });
  const rotationId = async () => (await world.store.read.agents.find(id))?.rotation?.id ?? 'none';
  const next = generateCurvePair(world.services.ids).publicKey;
  const ctx = agentContext(world.services, { projectId: agent.projectId, agentId: id });
  const answer = async (curveKey: string, to?: string) =>
    admitNextKey(ctx, { agentId: id, rotationId: to ?? (await rotationId()), curveKey });
  const greet = (curveKey: string) =>
    welcome(world.services, {
      session: world.services.ids.hex(),
      agentId: id,
      curveKey,
      hello: host.hello(id, hashJson({})),
      sourceAddress: null,
    });
  return { id, own: agent.curveKey, next, answer, greet };
}

const keysOf = async ({ services }: TestWorld, id: AgentId) => (await agentKeys(services, id))?.curveKeys;

const newest = async ({ operator }: TestWorld) => (await listJournal(operator, { limit: 1 })).data[0];

test('agent.curve_rotate asks for a key, and nothing changes until the agent has named one', () =>
  inWorld(async (world) => {
    const { id, own, next, answer, greet } = await asked(world);
    expect(await keysOf(world, id)).toEqual([own]);
    await expect(greet(next)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await answer(next)).toBe('admitted');
    expect(await keysOf(world, id)).toEqual([own, next]);
    expect(await newest(world)).toMatchObject({ type: 'agent.key_rotation_admitted', subject: { id } });
  }));

test('agent.curve_rotate leaves the old key good until the first hello with the new one', () =>
  inWorld(async (world) => {
    const { id, own, next, answer, greet } = await asked(world);
    await answer(next);
    await greet(own);
    expect(await keysOf(world, id)).toEqual([own, next]);
    const { agent } = await greet(next);
    expect(agent).toMatchObject({ curveKey: next, rotation: null });
    expect(await keysOf(world, id)).toEqual([next]);
    const entry = await newest(world);
    expect(entry).toMatchObject({ type: 'agent.key_rotated', actor: { kind: 'agent', id } });
    expect(JSON.stringify(entry?.data)).not.toContain(next);
    await expect(greet(own)).rejects.toMatchObject({ code: 'unavailable' });
    await greet(next);
  }));

test('agent.curve_rotate takes the same answer twice, and another key in its place', () =>
  inWorld(async (world) => {
    const { id, own, next, answer } = await asked(world);
    const other = generateCurvePair(world.services.ids).publicKey;
    expect([await answer(next), await answer(next), await answer(other)]).toEqual([
      'admitted',
      'admitted',
      'admitted',
    ]);
    expect(await keysOf(world, id)).toEqual([own, other]);
  }));

test('agent.curve_rotate takes no answer that nobody waits for', () =>
  inWorld(async (world) => {
    const { id, next, answer, greet } = await asked(world);
    expect(await answer(next, 'another')).toBe('stale');
    await answer(next);
    await greet(next);
    expect(await answer(next)).toBe('stale');
    expect(await keysOf(world, id)).toEqual([next]);
  }));

test('agent.curve_rotate is given up when the new key is somebody’s already', () =>
  inWorld(async (world) => {
    const other = await asked(world, 'xem-other');
    await other.answer(other.next);
    const { id, own, answer } = await asked(world);
    for (const taken of [other.own, other.next, own]) {
      expect(await answer(taken)).toBe('taken');
      expect(await newest(world)).toMatchObject({ type: 'agent.key_rotation_dropped', subject: { id } });
      await curveRotate(world.operator, { id });
    }
    expect(await keysOf(world, id)).toEqual([own]);
    expect(await keysOf(world, other.id)).toEqual([other.own, other.next]);
  }));

test('agent.curve_rotate is dropped after ten minutes, and the old key still opens sessions', () =>
  inWorld(async (world) => {
    const { id, own, next, answer, greet } = await asked(world);
    await answer(next);
    await world.clock.advance(TEN_MINUTES_MS - 1);
    await dropRotations(world.services);
    expect(await keysOf(world, id)).toEqual([own, next]);
    await world.clock.advance(1);
    expect(await answer(next)).toBe('stale');
    await dropRotations(world.services);
    expect(await keysOf(world, id)).toEqual([own]);
    expect(await newest(world)).toMatchObject({
      type: 'agent.key_rotation_dropped',
      subject: { id },
      data: { was_admitted: true },
    });
    await expect(greet(next)).rejects.toMatchObject({ code: 'unavailable' });
    expect((await greet(own)).agent).toMatchObject({ curveKey: own, rotation: null });
    await dropRotations(world.services);
    await curveRotate(world.operator, { id });
  }));

test('agent.curve_rotate is refused while one is under way', () =>
  inWorld(async (world) => {
    const { id } = await asked(world);
    await expect(curveRotate(world.operator, { id })).rejects.toMatchObject({ code: 'invalid_state' });
  }));

test('agent.curve_rotate is refused for an agent that is offline', () =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world);
    await world.clock.advance(60_000);
    await lapse(world.services, agent.id);
    const refused = curveRotate(world.operator, { id: agent.id });
    await expect(refused).rejects.toMatchObject({ code: 'invalid_state' });
  }));

test.each([
  ['another project', 'foreigner', 'agent_not_found'],
  ['a service without the scope', 'service', 'scope_insufficient'],
] as const)('agent.curve_rotate is refused for %s', (_what, who, code) =>
  inWorld(async (world) => {
    const { agent } = await onlineAgent(world);
    await expect(curveRotate(world[who], { id: agent.id })).rejects.toMatchObject({ code });
  }),
);
