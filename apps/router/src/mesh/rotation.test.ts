import { agent as agentVerbs, dropRotations } from '@xem/domain';
import { generateCurvePair, signClaim, type CurvePair, type RouterFrame } from '@xem/mesh';
import { PROTOCOL_VERSION, type RotateClaim } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inMeshWorld, type MeshWorld } from '../testing/mesh-world.ts';

const TEN_MINUTES_MS = 600_000;

/** An agent that was asked for a new key, over its line. */
async function asked(world: MeshWorld) {
  const { agent, operator, services, until } = world;
  await agentVerbs.curveRotate(operator, { id: agent.agentId });
  const told = (kind: RouterFrame['kind']) => agent.heard().filter((frame) => frame.kind === kind);
  await until(() => told('rotate_curve').length === 1);
  const [frame] = told('rotate_curve');
  if (frame?.kind !== 'rotate_curve') throw new Error('no rotation was asked for');
  const rotationId = frame.body.rotation_id;
  const next = generateCurvePair(services.ids);
  const acknowledge = (pair: CurvePair = next, changed: Partial<RotateClaim> = {}): void => {
    const claim: RotateClaim = {
      ctx: 'xem/rotate/1',
      rotation_id: rotationId,
      agent_id: agent.agentId,
      old_curve_key: agent.curve.publicKey,
      new_curve_key: pair.publicKey,
      ...changed,
    };
    const sig = signClaim(agent.signer, claim);
    const body = {
      v: PROTOCOL_VERSION,
      rotation_id: rotationId,
      curve_public_key: pair.publicKey,
      sig,
    } as const;
    agent.link.send({ kind: 'rotate_ack', body });
  };
  return { next, told, acknowledge };
}

const sessionOf = ({ services, agent }: MeshWorld) => services.fleet.find(agent.agentId)?.session;

const rowOf = ({ store, agent }: MeshWorld) => store.read.agents.find(agent.agentId);

/** Lets the agent come with these keys from its next connection on, and cuts the present one. */
async function comeAgain(world: MeshWorld, curves: readonly CurvePair[]): Promise<void> {
  const before = sessionOf(world);
  world.agent.comeWith(curves);
  world.agent.link.reconnect('test');
  await world.until(() => typeof sessionOf(world) === 'string' && sessionOf(world) !== before);
}

test('mesh.rotate admits the next key before it says so, and retires the old one at the first hello with it', () =>
  inMeshWorld(async (world) => {
    const { agent, until } = world;
    const { next, told, acknowledge } = await asked(world);
    acknowledge();
    await until(() => told('rotate_commit').length === 1);
    await comeAgain(world, [next]);
    expect(await rowOf(world)).toMatchObject({ curveKey: next.publicKey, rotation: null });
    agent.comeWith([agent.curve, next]);
    agent.link.reconnect('test');
    await until(() => agent.losses().some(({ code }) => code === 'auth'));
    await until(() => typeof sessionOf(world) === 'string');
    expect(agent.welcomes().at(-1)?.curveKey).toBe(next.publicKey);
  }));

test('mesh.rotate tells an agent that comes again with its old key where the change stands', () =>
  inMeshWorld(async (world) => {
    const { agent, until } = world;
    const { next, told, acknowledge } = await asked(world);
    await comeAgain(world, [agent.curve]);
    await until(() => told('rotate_curve').length === 2);
    acknowledge();
    await until(() => told('rotate_commit').length === 1);
    await comeAgain(world, [agent.curve]);
    await until(() => told('rotate_commit').length === 2);
    await comeAgain(world, [next]);
    await world.clock.advance(100);
    expect([told('rotate_curve').length, told('rotate_commit').length]).toEqual([2, 2]);
  }));

test.each([
  ['for another rotation', { rotation_id: 'another' }],
  ['for another agent', { agent_id: 'agt_000000000000000000000000' }],
  ['over another old key', { old_curve_key: 'another' }],
  ['over another new key', { new_curve_key: 'another' }],
] satisfies [string, Partial<RotateClaim>][])(
  'mesh.rotate refuses a key that was signed %s',
  (_what, changed) =>
    inMeshWorld(async (world) => {
      const { next, told, acknowledge } = await asked(world);
      acknowledge(next, changed);
      await world.clock.advance(1000);
      expect(told('rotate_commit')).toEqual([]);
      expect(await rowOf(world)).toMatchObject({ rotation: { curveKey: null } });
      expect(JSON.stringify(world.logged)).toContain('a CURVE key that its agent did not sign for');
    }),
);

test('mesh.rotate gives up when the key belongs to an agent, and the agent stays in', () =>
  inMeshWorld(async (world) => {
    const { told, acknowledge } = await asked(world);
    acknowledge(world.agent.curve);
    await world.clock.advance(1000);
    expect(told('rotate_commit')).toEqual([]);
    expect(await rowOf(world)).toMatchObject({ rotation: null, status: 'online' });
  }));

test('mesh.rotate lets nobody in with a key that was dropped, and the old one still in', () =>
  inMeshWorld(async (world) => {
    const { agent, until, services, clock } = world;
    const { next, told, acknowledge } = await asked(world);
    acknowledge();
    await until(() => told('rotate_commit').length === 1);
    for (let sinceMs = 0; sinceMs < TEN_MINUTES_MS; sinceMs += 10_000) {
      await clock.advance(10_000);
      agent.renew();
    }
    await dropRotations(services);
    await comeAgain(world, [next, agent.curve]);
    expect(agent.losses().at(-1)).toMatchObject({ code: 'auth' });
    expect(agent.welcomes().at(-1)?.curveKey).toBe(agent.curve.publicKey);
    expect(await rowOf(world)).toMatchObject({ curveKey: agent.curve.publicKey, rotation: null });
  }));
