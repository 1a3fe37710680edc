import { systemClock, systemIds } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { agentIdentity } from '../testing/agent-identity.ts';
import { openRawAgent, type RawAgent } from '../testing/raw-agent.ts';
import { openRecordedRouter, type RecordedRouterOptions } from '../testing/recorded-router.ts';
import { sampleFrame } from '../testing/sample-frames.ts';
import { zeromqNetwork } from './zeromq-network.ts';

const clock = systemClock();
const ids = systemIds(clock);
const A = agentIdentity('a');
const ROUTER = agentIdentity('router');

/** A router over real sockets, and peers with the key of agent a who have no manners. */
async function scene(limits: NonNullable<RecordedRouterOptions['limits']>) {
  const router = await openRecordedRouter({ clock, ids, agents: [A], limits });
  onTestFinished(() => router.mesh.stop());
  const knock = (): RawAgent => {
    const endpoint = router.mesh.dataEndpoint;
    const raw = openRawAgent({ network: zeromqNetwork, endpoint, agent: A, router: ROUTER });
    onTestFinished(() => raw.close());
    return raw;
  };
  return { ...router, knock };
}

const heard = (peer: RawAgent, kind: string): Promise<void> =>
  peer.until(() => peer.heard.some((frame) => frame.kind === kind));

async function challenged(knock: () => RawAgent): Promise<RawAgent> {
  const peer = knock();
  await peer.say(sampleFrame('connect'));
  await heard(peer, 'challenge');
  return peer;
}

test('mesh hears nothing but the handshake from a connection without a session', async () => {
  const { knock, record, until } = await scene({});
  const peer = knock();
  for (const kind of ['lease_renewal', 'accept', 'output', 'result', 'rotate_ack', 'goodbye'] as const)
    await peer.say(sampleFrame(kind));
  await until(({ violations }) => violations.length === 1);
  await peer.say(sampleFrame('connect'));
  await heard(peer, 'challenge');
  await peer.say(sampleFrame('result'));
  await peer.say(sampleFrame('hello'));
  await heard(peer, 'refused');
  expect([record.frames, record.hellos, record.opened]).toEqual([[], [], []]);
  expect(record.violations).toMatchObject([{ session: null, reason: 'no_session' }]);
});

test('mesh answers no more strangers than its limit, and others once those had their time', async () => {
  const { knock } = await scene({ strangers: 3, helloMs: 1500 });
  const first = await Promise.all(Array.from({ length: 3 }, () => challenged(knock)));
  const late = knock();
  await late.say(sampleFrame('connect'));
  await Promise.all(first.map((peer) => heard(peer, 'refused')));
  expect(late.heard).toEqual([]);
  expect(first[0]?.heard.at(-1)).toMatchObject({ body: { code: 'hello_timeout' } });
  await challenged(knock);
});

test('mesh forgets, one by one, whom it does not listen to any more', async () => {
  const { knock } = await scene({ strangers: 3, badFrames: 1 });
  const banish = async (): Promise<RawAgent> => {
    const peer = knock();
    await peer.say(sampleFrame('result'));
    await heard(peer, 'refused');
    return peer;
  };
  const first = await banish();
  await first.say(sampleFrame('connect'));
  for (let others = 0; others < 2; others += 1) await banish();
  expect(first.heard.map(({ kind }) => kind)).toEqual(['refused']);
  for (let others = 0; others < 2; others += 1) await banish();
  await first.say(sampleFrame('connect'));
  await heard(first, 'challenge');
});
