import { ExecutionId, type Frame } from '@xem/protocol';
import { systemClock, systemIds } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { Dealer } from 'zeromq';
import { enrollOnce } from '../agent/enroll-once.ts';
import { signedHello } from '../agent/handshake.ts';
import { agentIdentity, type AgentIdentity } from '../testing/agent-identity.ts';
import { openRawAgent } from '../testing/raw-agent.ts';
import { openRecordedLink, testHello, type RecordedLinkOptions } from '../testing/recorded-link.ts';
import { openRecordedRouter, type RecordedRouterOptions } from '../testing/recorded-router.ts';
import { sampleFrame } from '../testing/sample-frames.ts';
import type { RouterFrame } from '../wire/direction.ts';
import { encodeFrame } from '../wire/frame-codec.ts';
import { zeromqNetwork } from './zeromq-network.ts';

const clock = systemClock();
const ids = systemIds(clock);
const A = agentIdentity('a');
const B = agentIdentity('b');
const ROUTER = agentIdentity('router');

async function openRouter(options: Partial<RecordedRouterOptions> = {}) {
  const router = await openRecordedRouter({ clock, ids, agents: [A, B], ...options });
  onTestFinished(() => router.mesh.stop());
  return router;
}

function openLink(options: Pick<RecordedLinkOptions, 'agent' | 'endpoints'>) {
  const link = openRecordedLink({ clock, ids, ...options });
  onTestFinished(() => link.link.close());
  return link;
}

function openRaw(endpoint: string, agent: Pick<AgentIdentity, 'curve'>) {
  const raw = openRawAgent({ network: zeromqNetwork, endpoint, agent, router: ROUTER });
  onTestFinished(() => raw.close());
  return raw;
}

const kinds = (frames: readonly Frame[]): string[] => frames.map(({ kind }) => kind);

const numbered = (index: number): RouterFrame => ({
  kind: 'result_ack',
  body: {
    v: 1,
    execution_id: ExecutionId.parse(`01890000-0000-7000-8000-${String(index).padStart(12, '0')}`),
    attempt: 1,
  },
});

test('mesh carries 5,000 frames each way over CURVE, in order', { timeout: 120_000 }, async () => {
  const { mesh, record, until } = await openRouter();
  const agent = openLink({ agent: A, endpoints: [mesh.dataEndpoint] });
  await until(() => record.opened.length === 1);
  await agent.until(({ welcomes }) => welcomes.length === 1);
  const session = record.opened[0]?.name ?? '';
  const expected: string[] = [];
  for (let index = 0; index < 5000; index += 1) {
    const { body } = numbered(index);
    if (index % 500 === 499) await agent.until(({ frames }) => frames.length >= index - 499);
    mesh.send(session, numbered(index));
    await agent.link.writable();
    agent.link.send({ kind: 'accept', body: Object.assign({}, sampleFrame('accept').body, body) });
    expected.push(JSON.stringify(body));
  }
  await until(({ frames }) => frames.length === 5000);
  await agent.until(({ frames }) => frames.length === 5000);
  expect(record.frames.map(({ frame }) => JSON.stringify(frame.body))).toEqual(expected);
  expect(agent.record.frames.map(({ body }) => JSON.stringify(body))).toEqual(expected);
});

test('mesh lets a CURVE key that was never enrolled get nowhere', async () => {
  const { mesh, record } = await openRouter();
  const stranger = openLink({ agent: agentIdentity('stranger'), endpoints: [mesh.dataEndpoint] });
  await stranger.until(({ rejections }) => rejections.length === 1);
  expect(stranger.record.rejections).toMatchObject([{ code: 'curve_key_rejected' }]);
  expect([record.hellos, record.violations]).toEqual([[], []]);
});

test('mesh gives no answer to an agent that pins another router', async () => {
  const { mesh, record } = await openRouter();
  const { curve } = agentIdentity('another router');
  const lost = openRawAgent({
    network: zeromqNetwork,
    endpoint: mesh.dataEndpoint,
    agent: A,
    router: { ...ROUTER, curve },
  });
  await lost.until(() => lost.downs.length === 1);
  expect([record.hellos, lost.heard]).toEqual([[], []]);
});

test('mesh drops every frame of a routing id that its peer chose', async () => {
  const { mesh, record, until } = await openRouter();
  const chosen = new Dealer({
    linger: 0,
    routingId: 'agent-b',
    curveServerKey: ROUTER.curve.publicKey,
    curvePublicKey: A.curve.publicKey,
    curveSecretKey: A.curve.secretKey,
  });
  onTestFinished(() => chosen.close());
  chosen.connect(mesh.dataEndpoint);
  await chosen.send([...encodeFrame(sampleFrame('connect'))]);
  await until(({ violations }) => violations.length === 1);
  expect(record.violations).toEqual([{ session: null, reason: 'chosen_routing_id', count: 1 }]);
});

test('mesh refuses an admitted agent that claims to be another', async () => {
  const { mesh, record, until } = await openRouter();
  const forger = openRaw(mesh.dataEndpoint, A);
  await forger.say(sampleFrame('connect'));
  await forger.until(() => forger.heard.length === 1);
  const [challenge] = forger.heard;
  if (challenge?.kind !== 'challenge') throw new Error('no challenge');
  const shaken = {
    agentNonce: sampleFrame('connect').body.agent_nonce,
    routerNonce: challenge.body.router_nonce,
  };
  const forged = { ...A, agentId: B.agentId, routerCurveKey: ROUTER.curve.publicKey, hello: testHello };
  await forger.say(signedHello(forged, shaken));
  await forger.until(() => forger.heard.length === 2);
  await until(({ violations }) => violations.length === 1);
  expect(kinds(forger.heard)).toEqual(['challenge', 'refused']);
  expect([record.hellos, record.opened]).toEqual([[], []]);
});

/** A handshake that was under way when the handler died hangs until its 10 s are over; a later one fails at once. */
test('mesh lets nobody in once its ZAP handler is dead, and says so', { timeout: 120_000 }, async () => {
  const gate = { broken: false };
  const admits = (): boolean => {
    if (gate.broken) throw new Error('allow-list');
    return true;
  };
  const { mesh, record, until } = await openRouter({ admits });
  const inside = openLink({ agent: A, endpoints: [mesh.dataEndpoint] });
  await inside.until(({ welcomes }) => welcomes.length === 1);
  gate.broken = true;
  const first = openLink({ agent: B, endpoints: [mesh.dataEndpoint] });
  await until(({ fatal }) => fatal.length === 1);
  gate.broken = false;
  for (let trip = 1; trip <= 20; trip += 1) {
    inside.link.send(sampleFrame('accept'));
    await until(({ frames }) => frames.length === trip);
  }
  const late = openRaw(mesh.dataEndpoint, B);
  await late.until(() => late.downs.length === 1);
  expect([first.record.welcomes, late.heard]).toEqual([[], []]);
  expect(record.fatal[0]?.message).toBe('the ZAP handler died');
});

test('mesh counts garbage and closes the connection at the hundredth piece', async () => {
  const { mesh, record, until } = await openRouter();
  const agent = openRaw(mesh.dataEndpoint, A);
  const deep = Buffer.concat([Buffer.alloc(500_000, 0x91), Buffer.from([0xc0])]);
  const pieces = [
    [Buffer.from('')],
    [Buffer.from('connect'), Buffer.from([0xc1])],
    [Buffer.from('connect'), deep],
    [Buffer.from('hello'), Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff])],
    [Buffer.from('output'), Buffer.from([0x80]), Buffer.alloc(70_000)],
  ];
  for (let round = 0; round < 20; round += 1) for (const piece of pieces) await agent.send(piece);
  await agent.until(() => agent.heard.length === 1);
  expect(agent.heard).toMatchObject([{ kind: 'refused', body: { code: 'bad_frames' } }]);
  await agent.say(sampleFrame('connect'));
  const other = openLink({ agent: B, endpoints: [mesh.dataEndpoint] });
  await other.until(({ welcomes }) => welcomes.length === 1);
  await until(({ opened }) => opened.length === 1);
  expect(kinds(agent.heard)).toEqual(['refused']);
  expect(record.violations).toMatchObject([{ session: null, count: 1 }]);
});

test('mesh cuts the line of a peer that sends a part over 1 MiB', async () => {
  const { mesh } = await openRouter();
  const agent = openRaw(mesh.dataEndpoint, A);
  await agent.send([Buffer.from('connect'), Buffer.alloc(1024 * 1024 + 1)]);
  await agent.until(() => agent.downs.length === 1);
  expect(agent.downs).toEqual(['disconnected']);
});

test('mesh holds up nobody for an agent that stops reading', async () => {
  const { mesh, record, until } = await openRouter();
  const silent = await openSilentAgent(mesh.dataEndpoint);
  await until(({ opened }) => opened.length === 1);
  const order = { kind: 'dispatch', body: { v: 1, order: Buffer.alloc(60_000) } } as const;
  const other = openLink({ agent: B, endpoints: [mesh.dataEndpoint] });
  await other.until(({ welcomes }) => welcomes.length === 1);
  await until(({ opened }) => opened.length === 2);
  const outcomes = new Set<string>();
  for (let round = 1; !outcomes.has('full'); round += 1) {
    outcomes.add(mesh.send(record.opened[0]?.name ?? '', order));
    mesh.send(record.opened[1]?.name ?? '', sampleFrame('credit'));
    await other.until(({ frames }) => frames.length === round);
  }
  expect([...outcomes]).toEqual(['sent', 'queued', 'full']);
  expect(mesh.stats(record.opened[0]?.name ?? '')?.queuedBytes).toBeGreaterThan(900_000);
  silent.close();
});

/** Agent a through its handshake, and from then on it never reads. */
async function openSilentAgent(endpoint: string): Promise<Dealer> {
  const silent = new Dealer({
    linger: 0,
    receiveHighWaterMark: 1,
    curveServerKey: ROUTER.curve.publicKey,
    curvePublicKey: A.curve.publicKey,
    curveSecretKey: A.curve.secretKey,
  });
  silent.connect(endpoint);
  const transport = {
    ...zeromqNetwork,
    dial: ({ events }: Parameters<typeof zeromqNetwork.dial>[0]) => {
      void silent.receive().then((parts) => events.message(parts));
      return { close: () => undefined, send: (parts: readonly Uint8Array[]) => sendAll(silent, parts) };
    },
  };
  const raw = openRawAgent({ network: transport, endpoint, agent: A, router: ROUTER });
  await raw.say(sampleFrame('connect'));
  await raw.until(() => raw.heard.length === 1);
  const [challenge] = raw.heard;
  if (challenge?.kind !== 'challenge') throw new Error('no challenge');
  const shaken = {
    agentNonce: sampleFrame('connect').body.agent_nonce,
    routerNonce: challenge.body.router_nonce,
  };
  await raw.say(signedHello({ ...A, routerCurveKey: ROUTER.curve.publicKey, hello: testHello }, shaken));
  return silent;
}

async function sendAll(dealer: Dealer, parts: readonly Uint8Array[]): Promise<boolean> {
  await dealer.send([...parts]);
  return true;
}

test('link comes back after its router restarted', async () => {
  const first = await openRouter();
  const { dataEndpoint } = first.mesh;
  const agent = openLink({ agent: A, endpoints: [dataEndpoint] });
  await agent.until(({ welcomes }) => welcomes.length === 1);
  await first.mesh.stop();
  await agent.until(({ losses }) => losses.length > 0);
  const second = await openRouter({ dataEndpoint });
  await agent.until(({ welcomes }) => welcomes.length === 2);
  await second.until(({ opened }) => opened.length === 1);
  expect(agent.record.losses[0]).toMatchObject({ welcomed: true });
  expect(second.mesh.send(first.record.opened[0]?.name ?? '', sampleFrame('credit'))).toBe('gone');
});

test('mesh refuses to open on an endpoint that is taken, and leaves nothing behind', async () => {
  const { mesh } = await openRouter();
  const { dataEndpoint } = mesh;
  await expect(openRouter({ dataEndpoint })).rejects.toThrow(/^cannot listen on tcp:.*in use/i);
});

test('enrollment goes over its own socket, where any CURVE key may knock', async () => {
  const { mesh, record } = await openRouter({ limits: { enrollBurst: 1, enrollPerSecond: 5 } });
  const newcomer = agentIdentity('newcomer');
  const request = {
    join_key: 'xjk_a.b.c',
    registration_name: 'newcomer',
    agent_version: '0.1.0',
    host: testHello().host,
    manifest: { manifest_version: 1, workspaces: [], tools: [] },
  };
  const options = { ...newcomer, clock, request, routerCurveKey: ROUTER.curve.publicKey, timeoutMs: 4000 };
  const endpoint = mesh.enrollEndpoint;
  const answers = await Promise.all([
    enrollOnce({ ...options, endpoint }),
    enrollOnce({ ...options, endpoint }),
  ]);
  expect(answers).toMatchObject([{ code: 'join_key_invalid' }, { code: 'join_key_invalid' }]);
  expect(record.enrolls).toMatchObject([{ sourceAddress: '127.0.0.1' }, { sourceAddress: '127.0.0.1' }]);
});
