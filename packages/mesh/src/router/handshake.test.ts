import type { Frame } from '@xem/protocol';
import { expect, test } from 'vitest';
import { signedHello } from '../agent/handshake.ts';
import { agentIdentity, type AgentIdentity } from '../testing/agent-identity.ts';
import { memoryFixture } from '../testing/memory-fixture.ts';
import type { RawAgent } from '../testing/raw-agent.ts';
import { testHello } from '../testing/recorded-link.ts';
import { sampleFrame } from '../testing/sample-frames.ts';

type Fixture = Awaited<ReturnType<typeof memoryFixture>>;

const AGENT_NONCE = sampleFrame('connect').body.agent_nonce;

/** Goes as far as the challenge and gives back the router's nonce. */
async function challenged({ clock }: Fixture, agent: RawAgent): Promise<string> {
  await agent.say(sampleFrame('connect'));
  await clock.advance(10);
  const challenge = agent.heard.find((frame) => frame.kind === 'challenge');
  if (challenge?.kind !== 'challenge') throw new Error('no challenge');
  return challenge.body.router_nonce;
}

function helloOf(who: AgentIdentity, fixture: Fixture, routerNonce: string): Frame<'hello'> {
  const options = { ...who, routerCurveKey: fixture.identity.curve.publicKey, hello: testHello };
  return signedHello(options, { agentNonce: AGENT_NONCE, routerNonce });
}

const refusals = (agent: RawAgent): string[] =>
  agent.heard.flatMap((frame) => (frame.kind === 'refused' ? [frame.body.code] : []));

test('handshake opens a session for the agent that signs, and for its CURVE key', async () => {
  const fixture = await memoryFixture();
  const agent = fixture.raw(fixture.a);
  const routerNonce = await challenged(fixture, agent);
  await agent.say(helloOf(fixture.a, fixture, routerNonce));
  await fixture.clock.advance(10);
  expect(fixture.record.opened).toMatchObject([
    { agentId: fixture.a.agentId, epoch: 1, curveKey: fixture.a.curve.publicKey },
  ]);
  expect(fixture.mesh.sessionOf(fixture.a.agentId)).toBe(fixture.record.opened[0]);
  expect(agent.heard.map(({ kind }) => kind)).toEqual(['challenge', 'welcome']);
});

const forgeries: readonly [string, (fixture: Fixture, routerNonce: string) => Frame<'hello'>][] = [
  [
    'agent a signs that it is agent b',
    (fixture, nonce) => helloOf({ ...fixture.a, agentId: fixture.b.agentId }, fixture, nonce),
  ],
  [
    'agent a signs for the CURVE key of agent b',
    (fixture, nonce) => helloOf({ ...fixture.a, curve: fixture.b.curve }, fixture, nonce),
  ],
  [
    'agent a writes the id of agent b over its own signed hello',
    (fixture, nonce) => {
      const { kind, body } = helloOf(fixture.a, fixture, nonce);
      return { kind, body: { ...body, agent_id: fixture.b.agentId } };
    },
  ],
  [
    'an agent that is not known signs for itself',
    (fixture, nonce) => helloOf(agentIdentity('nobody'), fixture, nonce),
  ],
  [
    'the hello answers the nonce of another connection',
    (fixture) => helloOf(fixture.a, fixture, 'x'.repeat(43)),
  ],
  [
    'the hello is signed for another router',
    ({ a, ...fixture }, nonce) =>
      helloOf(a, { ...fixture, a, identity: agentIdentity('another router') }, nonce),
  ],
];

test.each(forgeries)('handshake is refused when %s', async (_, forge) => {
  const fixture = await memoryFixture();
  const agent = fixture.raw(fixture.a);
  const routerNonce = await challenged(fixture, agent);
  await agent.say(forge(fixture, routerNonce));
  await fixture.clock.advance(10);
  expect(refusals(agent)).toEqual(['hello_refused']);
  expect([fixture.record.hellos, fixture.record.opened]).toEqual([[], []]);
});

test('handshake refuses a hello that was recorded on an earlier connection', async () => {
  const fixture = await memoryFixture();
  const first = fixture.raw(fixture.a);
  const recorded = helloOf(fixture.a, fixture, await challenged(fixture, first));
  await first.say(recorded);
  await fixture.clock.advance(10);
  const second = fixture.raw(fixture.a);
  await challenged(fixture, second);
  await second.say(recorded);
  await fixture.clock.advance(10);
  expect(refusals(second)).toEqual(['hello_refused']);
  expect(fixture.record.opened).toHaveLength(1);
});

test('handshake takes one challenge and one hello per connection', async () => {
  const fixture = await memoryFixture();
  const agent = fixture.raw(fixture.a);
  const hello = helloOf(fixture.a, fixture, await challenged(fixture, agent));
  await agent.say(sampleFrame('connect'));
  await agent.say(hello);
  await agent.say(hello);
  await fixture.clock.advance(10);
  expect(agent.heard.map(({ kind }) => kind)).toEqual(['challenge', 'welcome']);
  expect(fixture.record.opened).toHaveLength(1);
});

test('handshake discards what a refused connection still sends', async () => {
  const fixture = await memoryFixture();
  const agent = fixture.raw(fixture.a);
  const routerNonce = await challenged(fixture, agent);
  await agent.say(helloOf(agentIdentity('nobody'), fixture, routerNonce));
  await fixture.clock.advance(10);
  await agent.say(helloOf(fixture.a, fixture, routerNonce));
  await agent.say(sampleFrame('connect'));
  await fixture.clock.advance(10);
  expect(agent.heard.map(({ kind }) => kind)).toEqual(['challenge', 'refused']);
});

test('handshake passes on the refusal of the domain', async () => {
  const refused = { code: 'agent_banned', message: 'This agent is banned.' };
  const fixture = await memoryFixture({ handlers: { welcome: async () => ({ refused }) } });
  const agent = fixture.raw(fixture.a);
  await agent.say(helloOf(fixture.a, fixture, await challenged(fixture, agent)));
  await fixture.clock.advance(10);
  expect(agent.heard.at(-1)).toEqual({ kind: 'refused', body: { v: 1, ...refused } });
});

test('handshake answers unavailable when the domain fails, and tells nothing of why', async () => {
  const fixture = await memoryFixture({
    handlers: { agentKeys: () => Promise.reject(new Error('disk on fire')) },
  });
  const agent = fixture.raw(fixture.a);
  await agent.say(helloOf(fixture.a, fixture, await challenged(fixture, agent)));
  await fixture.clock.advance(10);
  expect(refusals(agent)).toEqual(['unavailable']);
  expect(JSON.stringify(agent.heard)).not.toContain('fire');
});

test('handshake must be done in 10 s', async () => {
  const fixture = await memoryFixture();
  const agent = fixture.raw(fixture.a);
  await challenged(fixture, agent);
  await fixture.clock.advance(9_500);
  expect(refusals(agent)).toEqual([]);
  await fixture.clock.advance(2000);
  expect(refusals(agent)).toEqual(['hello_timeout']);
});

test('handshake knows the agent by either CURVE key while one is being rotated', async () => {
  const { a } = await memoryFixture();
  const next = agentIdentity('a, next').curve;
  const keys = { curveKeys: [a.curve.publicKey, next.publicKey], signingKey: a.signer.publicKey };
  const fixture = await memoryFixture({ admits: () => true, handlers: { agentKeys: async () => keys } });
  const agent = fixture.raw({ curve: next });
  await agent.say(helloOf({ ...a, curve: next }, fixture, await challenged(fixture, agent)));
  await fixture.clock.advance(10);
  expect(fixture.record.opened).toMatchObject([{ curveKey: next.publicKey }]);
});
