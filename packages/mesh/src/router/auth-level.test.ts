import { FRAMES, isFrameKind, type FrameKind } from '@xem/protocol';
import { expect, test } from 'vitest';
import { memoryFixture } from '../testing/memory-fixture.ts';
import { sampleFrame } from '../testing/sample-frames.ts';
import { signedHello } from '../agent/handshake.ts';
import { testHello } from '../testing/recorded-link.ts';

/** What a connection makes of a frame; spelled from the protocol's description, not from its table. */
type Answer = 'heard' | 'ends' | 'dropped';

const IN_SESSION: Partial<Record<FrameKind, Answer>> = {
  goodbye: 'ends',
  lease_renewal: 'heard',
  accept: 'heard',
  refuse: 'heard',
  output: 'heard',
  result: 'heard',
  rotate_ack: 'heard',
};

const KINDS = Object.keys(FRAMES).filter((kind) => isFrameKind(kind));

test('every kind of frame is accounted for', () => {
  expect(KINDS).toHaveLength(24);
});

test.each(KINDS)('a stranger on the data socket who says %s is not heard', async (kind) => {
  const { clock, raw, record, a } = await memoryFixture();
  const stranger = raw(a);
  await stranger.say(sampleFrame(kind));
  await clock.advance(10);
  expect(record.frames).toEqual([]);
  expect(record.opened).toEqual([]);
  const answered = kind === 'connect';
  expect(stranger.heard.map((frame) => frame.kind)).toEqual(answered ? ['challenge'] : []);
  expect(record.violations).toHaveLength(answered ? 0 : 1);
});

test.each(KINDS)('a session that says %s is heard as the protocol says', async (kind) => {
  const { clock, raw, record, a, identity } = await memoryFixture();
  const agent = raw(a);
  await agent.say(sampleFrame('connect'));
  await clock.advance(10);
  const [challenge] = agent.heard;
  if (challenge?.kind !== 'challenge') throw new Error('no challenge');
  const shaken = {
    agentNonce: sampleFrame('connect').body.agent_nonce,
    routerNonce: challenge.body.router_nonce,
  };
  const options = { ...a, routerCurveKey: identity.curve.publicKey, hello: testHello };
  await agent.say(signedHello(options, shaken));
  await clock.advance(10);
  expect(record.opened).toHaveLength(1);
  await agent.say(sampleFrame(kind));
  await clock.advance(10);
  const expected = IN_SESSION[kind] ?? 'dropped';
  expect(record.frames.map(({ frame }) => frame.kind)).toEqual(expected === 'heard' ? [kind] : []);
  expect(record.closed.map(({ end }) => end)).toEqual(expected === 'ends' ? ['goodbye'] : []);
  expect(record.violations).toHaveLength(expected === 'dropped' ? 1 : 0);
});

test.each(KINDS.filter((kind) => kind !== 'enroll'))(
  'a stranger on the enrollment socket who says %s is not heard',
  async (kind) => {
    const { clock, rawEnroll, record, a } = await memoryFixture();
    const stranger = rawEnroll(a);
    await stranger.say(sampleFrame(kind));
    await clock.advance(10);
    expect([record.frames, record.enrolls, stranger.heard]).toEqual([[], [], []]);
    expect(record.violations).toHaveLength(1);
  },
);
