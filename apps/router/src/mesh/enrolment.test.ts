import { lapseUses } from '@xem/domain';
import { testJoinKey } from '@xem/domain/testing';
import { MINUTE_MS, type EnrolledBody } from '@xem/protocol';
import { expect, test } from 'vitest';
import { cuttingNetwork, type Cut } from '../testing/cut-line.ts';
import { inMeshWorld, type MeshWorld } from '../testing/mesh-world.ts';
import { after, newcomer } from '../testing/newcomer.ts';

const NAME = 'newcomer';
const host = (world: MeshWorld, label: string, name = NAME) => newcomer(world, { label, name });

const agentIdOf = (answer: EnrolledBody) => {
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.message}`);
  return answer.agent_id;
};

const statusOf = async ({ store }: MeshWorld, id: ReturnType<typeof agentIdOf>) =>
  (await store.read.agents.find(id))?.status;

/** Steps after which the use of the key is this host's: none of them lets another one have it. */
const CUTS: readonly (readonly [string, Cut])[] = [
  ['a request that is lost', { kind: 'enroll', passes: false }],
  ['a request that arrives', { kind: 'enroll', passes: true }],
  ['an answer that is lost', { kind: 'enrolled', passes: false }],
  ['a connect that is lost', { kind: 'connect', passes: false }],
  ['a connect that arrives', { kind: 'connect', passes: true }],
  ['a challenge that is lost', { kind: 'challenge', passes: false }],
  ['a hello that is lost', { kind: 'hello', passes: false }],
  ['a hello that arrives', { kind: 'hello', passes: true }],
  ['a welcome that is lost', { kind: 'welcome', passes: false }],
];

test.each(CUTS)('enrolment whose line is cut at %s is finished by the same host, and by no other', (_, cut) =>
  inMeshWorld(async (world) => {
    const joinKey = await testJoinKey(world.operator, { name: NAME });
    const { network, isCut } = cuttingNetwork(world.network, cut);
    const first = host(world, 'first');
    const agentId = agentIdOf(await after(world, first.enrol(joinKey, network)));
    const rival = host(world, 'rival');
    expect(await after(world, rival.enrol(joinKey))).toMatchObject({ ok: false, code: 'join_key_exhausted' });
    const { link, record } = first.dial(agentId, network);
    await world.until(() => record.welcomes.length > 0);
    expect(isCut()).toBe(true);
    expect(await statusOf(world, agentId)).toBe('online');
    expect(await after(world, rival.enrol(joinKey))).toMatchObject({ ok: false, code: 'join_key_exhausted' });
    expect(await world.store.read.agents.holdersOf(world.operator.projectId, NAME)).toHaveLength(1);
    expect(await after(world, first.enrol(joinKey))).toMatchObject({ ok: true, agent_id: agentId });
    await after(world, link.close());
  }),
);

/** Cuts of the handshake, and whether the router had confirmed the use before. */
const UNFINISHED: readonly (readonly [string, Cut, boolean])[] = [
  ['a connect that is lost', { kind: 'connect', passes: false }, false],
  ['a challenge that is lost', { kind: 'challenge', passes: false }, false],
  ['a hello that is lost', { kind: 'hello', passes: false }, false],
  ['a welcome that is lost', { kind: 'welcome', passes: false }, true],
];

test.each(UNFINISHED)(
  'enrolment that ends at %s gives its use back after ten minutes, unless the router had welcomed the host',
  (_, cut, wasWelcomed) =>
    inMeshWorld(async (world) => {
      const joinKey = await testJoinKey(world.operator, { name: NAME });
      const first = host(world, 'first');
      const agentId = agentIdOf(await after(world, first.enrol(joinKey)));
      const { network, isCut } = cuttingNetwork(world.network, cut);
      const { link } = first.dial(agentId, network);
      await world.until(isCut);
      await after(world, link.close());
      await world.clock.advance(10 * MINUTE_MS);
      await lapseUses(world.services);
      const later = await after(world, host(world, 'later').enrol(joinKey));
      expect(later.ok).toBe(!wasWelcomed);
      expect(await statusOf(world, agentId)).toBe(wasWelcomed ? 'online' : undefined);
    }),
);

test('enrolment is refused a host that asks with the same signing key and another CURVE key', () =>
  inMeshWorld(async (world) => {
    const joinKey = await testJoinKey(world.operator, { name: NAME });
    const first = host(world, 'first');
    agentIdOf(await after(world, first.enrol(joinKey)));
    const thief = host(world, 'thief');
    Object.assign(thief.keys, { signer: first.keys.signer });
    expect(await after(world, thief.enrol(joinKey))).toMatchObject({ ok: false, code: 'join_key_exhausted' });
  }));

test('enrolment of a hundred hosts that race for three uses lets three of them in', () =>
  inMeshWorld(async (world) => {
    const joinKey = await testJoinKey(world.operator, { uses: 3 });
    const hosts = Array.from({ length: 100 }, (_, at) => host(world, `racer-${at}`, `racer-${at}`));
    const answers = await after(world, Promise.all(hosts.map((one) => one.enrol(joinKey))));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
    const codes = new Set(answers.flatMap((answer) => (answer.ok ? [] : [answer.code])));
    expect(codes).toEqual(new Set(['join_key_exhausted']));
  }));
