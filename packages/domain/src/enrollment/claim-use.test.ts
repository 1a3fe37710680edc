import type { AgentRecord } from '@xem/store';
import { expect, test } from 'vitest';
import {
  inWorld,
  onlineAgent,
  testHost,
  testJoinKey,
  type TestHost,
  type TestWorld,
} from '../testing/index.ts';
import { enroll } from './enroll.ts';

const MANIFEST = { manifest_version: 1, workspaces: [], tools: [] };

/** The same host with another CURVE key. */
const withKey = (host: TestHost, curveKey: string): TestHost => ({
  ...host,
  curveKey,
  request: (...said) => ({ ...host.request(...said), curve_public_key: curveKey }),
});

/** A host that has enrolled, and what it is answered when it asks once more. */
async function enrolled(world: TestWorld) {
  const joinKey = await testJoinKey(world.operator);
  const host = testHost(world.services);
  const ask = async (asking: TestHost, key = joinKey) =>
    (await enroll(world.services, { body: asking.request(key, MANIFEST), sourceAddress: null })).answer;
  const first = await ask(host);
  if (!first.ok) throw new Error(first.message);
  const stored = await world.store.read.agents.find(first.agent_id);
  if (!stored) throw new Error('the agent is not there');
  const next = withKey(host, testHost(world.services).curveKey);
  const save = (changed: Partial<AgentRecord>, row = stored) =>
    world.store.transact((tx) => tx.agents.save({ ...row, ...changed }));
  return { host, next, ask, first, save };
}

test('enrollment.enroll knows a host by both CURVE keys while it changes them', () =>
  inWorld(async (world) => {
    const { host, next, ask, first, save } = await enrolled(world);
    await save({ rotation: { id: 'r', startedAt: 0, curveKey: next.curveKey } });
    expect([await ask(host), await ask(next)]).toEqual([first, first]);
  }));

test('enrollment.enroll knows a host by the CURVE key it changed to, and no more by the old one', () =>
  inWorld(async (world) => {
    const { host, next, ask, first, save } = await enrolled(world);
    await save({ curveKey: next.curveKey });
    expect(await ask(next)).toEqual(first);
    expect(await ask(host)).toMatchObject({ code: 'join_key_invalid' });
  }));

test.each(['own', 'next'] as const)(
  'enrollment.enroll refuses a stranger with the %s CURVE key of an agent',
  (which) =>
    inWorld(async (world) => {
      const { agent } = await onlineAgent(world);
      const next = testHost(world.services).curveKey;
      const rotation = { id: 'r', startedAt: 0, curveKey: next };
      await world.store.transact((tx) => tx.agents.save({ ...agent, rotation }));
      const name = 'stranger';
      const thief = withKey(testHost(world.services, name), which === 'own' ? agent.curveKey : next);
      const joinKey = await testJoinKey(world.operator, { name });
      const { answer } = await enroll(world.services, {
        body: thief.request(joinKey, MANIFEST),
        sourceAddress: null,
      });
      expect(answer).toMatchObject({ ok: false, code: 'join_key_invalid' });
    }),
);
