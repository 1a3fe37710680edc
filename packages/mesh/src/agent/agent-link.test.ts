import { seededIds, virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { agentIdentity } from '../testing/agent-identity.ts';
import { memoryFixture } from '../testing/memory-fixture.ts';
import { memoryNetwork } from '../testing/memory-network.ts';
import { openRecordedLink } from '../testing/recorded-link.ts';
import { openRecordedRouter } from '../testing/recorded-router.ts';
import { sampleFrame } from '../testing/sample-frames.ts';

const codes = (losses: readonly { code: string }[]): string[] => losses.map(({ code }) => code);

test('link opens a session and knows the router’s time', async () => {
  const { clock, link, a } = await memoryFixture();
  const before = clock.now();
  const { link: agent, record } = link(a);
  expect(agent.state()).toBe('connecting');
  expect(agent.send(sampleFrame('accept'))).toBe('down');
  expect(await agent.writable()).toBe(false);
  await clock.advance(100);
  expect(agent.state()).toBe('open');
  expect(record.welcomes).toMatchObject([{ welcome: { epoch: 1 } }]);
  await clock.advance(900);
  expect(agent.routerNow()).toBeGreaterThanOrEqual(before + 990);
  expect(agent.routerNow()).toBeLessThanOrEqual(clock.now());
});

test('link refuses a router whose signing key is not the pinned one', async () => {
  const { clock, network, a, mesh, identity } = await memoryFixture();
  const { record, link } = openRecordedLink({
    clock,
    network,
    agent: a,
    ids: seededIds(clock, 'link'),
    endpoints: [mesh.dataEndpoint],
    router: { ...identity, signer: agentIdentity('impostor').signer },
  });
  await clock.advance(50);
  expect(codes(record.losses)).toEqual(['router_signature']);
  expect(record.welcomes).toEqual([]);
  await link.close();
});

test('link reconnects when its line is cut, with a new session', async () => {
  const { clock, network, link, a, record } = await memoryFixture();
  const agent = link(a);
  await clock.advance(20);
  network.cut();
  expect(agent.link.state()).toBe('waiting');
  expect(agent.link.send(sampleFrame('accept'))).toBe('down');
  await clock.advance(200);
  expect(agent.record.welcomes.map(({ welcome }) => welcome.epoch)).toEqual([1, 2]);
  expect(agent.record.losses).toMatchObject([{ code: 'disconnected', welcomed: true }]);
  expect(new Set(record.opened.map(({ name }) => name)).size).toBe(2);
});

test('link notices a router that fell silent', async () => {
  const { clock, network, link, a } = await memoryFixture();
  const agent = link(a);
  await clock.advance(20);
  network.part(a.curve.publicKey);
  await clock.advance(4100);
  expect(codes(agent.record.losses)).toEqual(['disconnected']);
  network.heal(a.curve.publicKey);
  await clock.advance(10_000);
  expect(agent.link.state()).toBe('open');
});

test('link takes the next endpoint when one does not answer', async () => {
  const { clock, network, a, mesh } = await memoryFixture();
  const agent = openRecordedLink({
    clock,
    network,
    agent: a,
    ids: seededIds(clock, 'link'),
    endpoints: ['tcp://127.0.0.1:1', mesh.dataEndpoint],
  });
  await clock.advance(200);
  expect(codes(agent.record.losses)).toEqual(['unreachable']);
  expect(agent.link.state()).toBe('open');
});

test('link waits longer from try to try, and never more than 5 s', async () => {
  const clock = virtualClock();
  const tries: number[] = [];
  const { link } = openRecordedLink({
    clock,
    network: {
      listen: () => Promise.reject(new Error('nobody listens here')),
      dial: ({ events }) => {
        tries.push(clock.monotonic());
        queueMicrotask(() => events.down('unreachable'));
        return { send: async () => false, close: () => undefined };
      },
    },
    agent: agentIdentity('a'),
    ids: seededIds(clock, 'link'),
    endpoints: ['tcp://127.0.0.1:1'],
  });
  await clock.advance(60_000);
  const waits = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  const bounds = waits.map((_, index) => Math.min(100 * 2 ** index, 5000));
  expect(waits.length).toBeGreaterThan(12);
  waits.forEach((wait, index) => {
    expect(wait).toBeGreaterThanOrEqual((bounds[index] ?? 0) / 2);
    expect(wait).toBeLessThanOrEqual(bounds[index] ?? 0);
  });
  await link.close();
});

test('link tells after three failed authentications in a row that its key is rejected', async () => {
  const { clock, link } = await memoryFixture();
  const agent = link(agentIdentity('stranger'));
  await clock.advance(150);
  expect(agent.record.rejections).toEqual([]);
  await clock.advance(500);
  expect(codes(agent.record.losses).slice(0, 3)).toEqual(['auth', 'auth', 'auth']);
  expect(agent.record.rejections).toMatchObject([{ code: 'curve_key_rejected' }]);
  await agent.link.close();
  expect(agent.link.state()).toBe('closed');
});

test('link tells of a refused hello in the router’s words', async () => {
  const refused = { code: 'agent_banned', message: 'This agent is banned.' };
  const { clock, link, a } = await memoryFixture({ handlers: { welcome: async () => ({ refused }) } });
  const agent = link(a);
  await clock.advance(20);
  expect(agent.record.rejections).toEqual([refused]);
  await agent.link.close();
});

test('link says goodbye and stays away', async () => {
  const { clock, link, a, record } = await memoryFixture();
  const agent = link(a);
  await clock.advance(20);
  agent.link.send(sampleFrame('result'));
  const closing = agent.link.close('host reboots');
  await clock.advance(300);
  await closing;
  expect(record.frames.map(({ frame }) => frame.kind)).toEqual(['result']);
  expect(record.closed).toMatchObject([{ end: 'goodbye' }]);
  await clock.advance(20_000);
  expect(record.opened).toHaveLength(1);
  expect(agent.link.state()).toBe('closed');
});

interface SlowLine {
  open: boolean;
  readonly waiting: (() => void)[];
}

const turnOf = (line: SlowLine): Promise<void> =>
  line.open ? Promise.resolve() : new Promise((resolve) => line.waiting.push(resolve));

test('link takes 256 KiB that the line has not taken, and says when there is room again', async () => {
  const clock = virtualClock();
  const line: SlowLine = { open: true, waiting: [] };
  const network = memoryNetwork({ clock, seed: 'slow' });
  const a = agentIdentity('a');
  const router = await openRecordedRouter({ clock, network, ids: seededIds(clock, 'router'), agents: [a] });
  const { link } = openRecordedLink({
    clock,
    network: {
      ...network,
      dial: (options) => {
        const socket = network.dial(options);
        return { ...socket, send: (parts) => turnOf(line).then(() => socket.send(parts)) };
      },
    },
    agent: a,
    ids: seededIds(clock, 'link'),
    endpoints: [router.mesh.dataEndpoint],
  });
  await clock.advance(50);
  line.open = false;
  const piece = { ...sampleFrame('output'), payload: new Uint8Array(64 * 1024) };
  const outcomes = Array.from({ length: 5 }, () => link.send(piece));
  expect(outcomes).toEqual(['sent', 'sent', 'sent', 'full', 'full']);
  const room = link.writable();
  line.open = true;
  line.waiting.forEach((resume) => resume());
  await clock.advance(50);
  expect(await room).toBe(true);
  expect(router.record.frames).toHaveLength(3);
  await link.close();
});
