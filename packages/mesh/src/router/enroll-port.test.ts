import type { EnrollBody, EnrolledBody, Frame } from '@xem/protocol';
import { expect, test } from 'vitest';
import { enrollOnce } from '../agent/enroll-once.ts';
import { signClaim } from '../key/signer.ts';
import { agentIdentity, type AgentIdentity } from '../testing/agent-identity.ts';
import { memoryFixture } from '../testing/memory-fixture.ts';
import { sampleFrame } from '../testing/sample-frames.ts';
import { enrollClaim } from '../wire/enroll-claim.ts';

const NEWCOMER = agentIdentity('newcomer');

const REQUEST = {
  join_key: 'xjk_a.b.c',
  registration_name: 'newcomer',
  agent_version: '0.1.0',
  host: sampleFrame('enroll').body.host,
  manifest: { manifest_version: 1, workspaces: [], tools: [] },
};

const DENIED: EnrolledBody = {
  v: 1,
  ok: false,
  code: 'join_key_expired',
  message: 'The join key has expired.',
  operator_action: 'Mint a new one.',
};

/** A request that `who` signed, changed afterwards. */
function request(who: AgentIdentity, change: Partial<EnrollBody> = {}): Frame<'enroll'> {
  const body = {
    ...REQUEST,
    curve_public_key: who.curve.publicKey,
    signing_public_key: who.signer.publicKey,
  };
  const sig = Buffer.from(signClaim(who.signer, enrollClaim(body)));
  return { kind: 'enroll', body: { ...body, v: 1, sig, ...change } };
}

const answersOf = (heard: readonly Frame[]): EnrolledBody[] =>
  heard.flatMap((frame) => (frame.kind === 'enrolled' ? [frame.body] : []));

test('enrollment asks the domain and gives its answer', async () => {
  const fixture = await memoryFixture({ handlers: { enroll: async () => DENIED } });
  const { clock, network, identity, mesh } = fixture;
  const answer = enrollOnce({
    ...NEWCOMER,
    clock,
    network,
    endpoint: mesh.enrollEndpoint,
    routerCurveKey: identity.curve.publicKey,
    request: REQUEST,
    timeoutMs: 5000,
  });
  await clock.advance(10);
  expect(await answer).toEqual(DENIED);
});

test('enrollment knows the address that a request came from', async () => {
  const fixture = await memoryFixture();
  await fixture.rawEnroll(NEWCOMER).say(request(NEWCOMER));
  await fixture.clock.advance(10);
  expect(fixture.record.enrolls).toMatchObject([{ sourceAddress: '127.0.0.1' }]);
});

test.each<[string, Frame<'enroll'>]>([
  ['a name was changed', request(NEWCOMER, { registration_name: 'other' })],
  ['a join key was changed', request(NEWCOMER, { join_key: 'xjk_d.e.f' })],
  ['a manifest was changed', request(NEWCOMER, { manifest: { tools: ['more'] } })],
  ['a CURVE key was changed', request(NEWCOMER, { curve_public_key: agentIdentity('a').curve.publicKey })],
  [
    'a signing key was changed',
    request(NEWCOMER, { signing_public_key: agentIdentity('a').signer.publicKey }),
  ],
  ['the CURVE key belongs to somebody who never connected', request(agentIdentity('absent'))],
])('enrollment is refused when %s', async (_, frame) => {
  const fixture = await memoryFixture();
  const agent = fixture.rawEnroll(NEWCOMER);
  await agent.say(frame);
  await fixture.clock.advance(10);
  expect(answersOf(agent.heard)).toMatchObject([{ ok: false, code: 'join_key_invalid' }]);
  expect(fixture.record.enrolls).toEqual([]);
});

test.each([
  ['another version', { v: 2 }],
  ['a name that is none', { registration_name: 'Not A Name' }],
])('enrollment answers in words to %s', async (_, change) => {
  const fixture = await memoryFixture();
  const agent = fixture.rawEnroll(NEWCOMER);
  const { kind, body } = request(NEWCOMER);
  await agent.say({ kind, body: Object.assign(body, change) });
  await fixture.clock.advance(10);
  expect(answersOf(agent.heard)).toMatchObject([{ code: 'protocol_unsupported' }]);
  expect(fixture.record.violations).toHaveLength(1);
});

test('enrollment answers once per connection', async () => {
  const fixture = await memoryFixture();
  const agent = fixture.rawEnroll(NEWCOMER);
  await agent.say(request(NEWCOMER));
  await agent.say(request(NEWCOMER));
  await fixture.clock.advance(10);
  await agent.say(request(NEWCOMER));
  await fixture.clock.advance(10);
  expect(answersOf(agent.heard)).toHaveLength(1);
  expect(fixture.record.enrolls).toHaveLength(1);
});

test('enrollment says when to come again when the domain fails', async () => {
  const fixture = await memoryFixture({
    handlers: { enroll: () => Promise.reject(new Error('disk on fire')) },
  });
  const agent = fixture.rawEnroll(NEWCOMER);
  await agent.say(request(NEWCOMER));
  await fixture.clock.advance(10);
  expect(answersOf(agent.heard)).toMatchObject([{ code: 'unavailable', retry_after_seconds: 5 }]);
});

test('enrollment gives up when nobody answers in time', async () => {
  const { clock, network, identity } = await memoryFixture();
  const answer = enrollOnce({
    ...NEWCOMER,
    clock,
    network,
    endpoint: 'tcp://127.0.0.1:1',
    routerCurveKey: identity.curve.publicKey,
    request: REQUEST,
    timeoutMs: 2000,
  });
  const refused = expect(answer).rejects.toThrow(/no answer to the enrollment .* \(unreachable\)/);
  await clock.advance(2100);
  await refused;
});
