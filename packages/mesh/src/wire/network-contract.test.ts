import { systemClock } from '@xem/runtime';
import { expect, onTestFinished, test } from 'vitest';
import { agentIdentity } from '../testing/agent-identity.ts';
import { createBell } from '../testing/bell.ts';
import { memoryNetwork } from '../testing/memory-network.ts';
import { zeromqNetwork } from '../zeromq/zeromq-network.ts';
import type { DownReason, Knock, MeshNetwork, Parts, RouterSockets } from './transport.ts';

const clock = systemClock();
const ROUTER = agentIdentity('router');
const AGENT = agentIdentity('agent');
const STRANGER = agentIdentity('stranger');

/** The simulation's network must tell its sessions what the real one tells them. */
const NETWORKS: readonly [string, () => MeshNetwork][] = [
  ['ZeroMQ', () => zeromqNetwork],
  ['memory', () => memoryNetwork({ clock, seed: 'contract' })],
];

const text = (parts: Parts): string[] => parts.map((part) => Buffer.from(part).toString());

async function listening(network: MeshNetwork) {
  const bell = createBell();
  const heard: { from: Buffer; parts: string[] }[] = [];
  const knocks: Knock[] = [];
  const ends = { count: 0 };
  const events = {
    message: (from: Uint8Array, parts: Parts) => {
      heard.push({ from: Buffer.from(from), parts: text(parts) });
      bell.ring();
    },
    disconnected: () => {
      ends.count += 1;
      bell.ring();
    },
  };
  const sockets: RouterSockets = await network.listen({
    dataEndpoint: 'tcp://127.0.0.1:0',
    enrollEndpoint: 'tcp://127.0.0.1:0',
    curve: ROUTER.curve,
    admit: (knock) => {
      knocks.push(knock);
      return knock.socket === 'enrollment' || knock.curveKey === AGENT.curve.publicKey;
    },
    data: events,
    enrollment: events,
    fatal: (error) => {
      throw error;
    },
  });
  onTestFinished(() => sockets.close());
  return { sockets, heard, knocks, ends, until: bell.until };
}

function dialed(network: MeshNetwork, endpoint: string, { who = AGENT, router = ROUTER } = {}) {
  const bell = createBell();
  const heard: string[][] = [];
  const downs: DownReason[] = [];
  const socket = network.dial({
    endpoint,
    routerCurveKey: router.curve.publicKey,
    curve: who.curve,
    events: {
      message: (parts) => (heard.push(text(parts)), bell.ring()),
      down: (reason) => (downs.push(reason), bell.ring()),
    },
  });
  onTestFinished(() => socket.close(0));
  return { socket, heard, downs, until: bell.until };
}

const words = (...parts: string[]): Parts => parts.map((part) => Buffer.from(part));

test.each(NETWORKS)('network of %s carries messages of any parts, in order', async (_, open) => {
  const network = open();
  const router = await listening(network);
  const agent = dialed(network, router.sockets.data.endpoint);
  await agent.socket.send(words('a', '', 'b'));
  await agent.socket.send(words('c'));
  await router.until(() => router.heard.length === 2);
  expect(router.heard.map(({ parts }) => parts)).toEqual([['a', '', 'b'], ['c']]);
  const from = router.heard[0]?.from ?? Buffer.alloc(0);
  expect([from[0], from.byteLength]).toEqual([0, 5]);
  expect(await router.sockets.data.send(from, words('d', ''))).toBe('sent');
  expect(await router.sockets.data.send(from, words(''))).toBe('sent');
  await agent.until(() => agent.heard.length === 2);
  expect(agent.heard).toEqual([['d', ''], ['']]);
});

test.each(NETWORKS)('network of %s knocks with key and address, once per connection', async (_, open) => {
  const network = open();
  const router = await listening(network);
  const { socket, until, heard } = dialed(network, router.sockets.enrollment.endpoint, { who: STRANGER });
  await socket.send(words('enroll'));
  await router.until(() => router.heard.length === 1);
  await router.sockets.enrollment.send(router.heard[0]?.from ?? Buffer.alloc(0), words('enrolled'));
  await until(() => heard.length === 1);
  const knock = { socket: 'enrollment', curveKey: STRANGER.curve.publicKey, sourceAddress: '127.0.0.1' };
  expect(router.knocks).toEqual([knock]);
});

test.each(NETWORKS)('network of %s tells an agent why its line is down', async (_, open) => {
  const network = open();
  const router = await listening(network);
  const { endpoint } = router.sockets.data;
  const lines = {
    unreachable: dialed(network, 'tcp://127.0.0.1:1'),
    auth: dialed(network, endpoint, { who: STRANGER }),
    disconnected: dialed(network, endpoint, { router: STRANGER }),
  };
  for (const [reason, line] of Object.entries(lines)) {
    await line.until(() => line.downs.length > 0);
    expect(line.downs).toEqual([reason]);
    expect(await line.socket.send(words('late'))).toBe(false);
  }
  expect(router.heard).toEqual([]);
});

test.each(NETWORKS)('network of %s tells a router that a peer is gone', async (_, open) => {
  const network = open();
  const router = await listening(network);
  const agent = dialed(network, router.sockets.data.endpoint);
  await agent.socket.send(words('here'));
  await router.until(() => router.heard.length === 1);
  agent.socket.close(0);
  await router.until(() => router.ends.count > 0);
  const from = router.heard[0]?.from ?? Buffer.alloc(0);
  expect(await router.sockets.data.send(from, words('there?'))).toBe('gone');
  expect(await router.sockets.data.send(Buffer.from([0, 9, 9, 9, 9]), words('who?'))).toBe('gone');
});

test.each(NETWORKS)('network of %s tells agents that the router is gone', async (_, open) => {
  const network = open();
  const router = await listening(network);
  const agent = dialed(network, router.sockets.data.endpoint);
  await agent.socket.send(words('here'));
  await router.until(() => router.heard.length === 1);
  await router.sockets.close();
  await agent.until(() => agent.downs.length > 0);
  expect(agent.downs).toEqual(['disconnected']);
});

test.each(NETWORKS)('network of %s still carries what was sent before a lingering close', async (_, open) => {
  const network = open();
  const router = await listening(network);
  const agent = dialed(network, router.sockets.data.endpoint);
  await agent.socket.send(words('first'));
  await router.until(() => router.heard.length === 1);
  await agent.socket.send(words('goodbye'));
  agent.socket.close(250);
  await router.until(() => router.heard.length === 2);
  expect(router.heard[1]?.parts).toEqual(['goodbye']);
});
