import { ExecutionId } from '@xem/protocol';
import { seededIds, virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { memoryFixture } from '../testing/memory-fixture.ts';
import { memoryNetwork } from '../testing/memory-network.ts';
import { openRecordedRouter } from '../testing/recorded-router.ts';
import { sampleFrame } from '../testing/sample-frames.ts';
import type { RouterFrame } from '../wire/direction.ts';
import { encodeFrame } from '../wire/frame-codec.ts';
import type { MeshNetwork, Parts } from '../wire/transport.ts';

type Fixture = Awaited<ReturnType<typeof memoryFixture>>;

/** A session of agent a that is open on both sides. */
async function opened(options: Parameters<typeof memoryFixture>[0] = {}) {
  const fixture = await memoryFixture(options);
  const { link, record: heard } = fixture.link(fixture.a);
  await fixture.clock.advance(20);
  const [session] = fixture.record.opened;
  if (session === undefined) throw new Error('no session');
  return { ...fixture, agentLink: link, heard, session };
}

const numbered = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`);

const explode = (): never => {
  throw new Error('this always throws');
};

const order = (size: number): RouterFrame => ({
  kind: 'dispatch',
  body: { v: 1, order: new Uint8Array(size) },
});

test('mesh carries frames both ways and in order', async () => {
  const { clock, mesh, session, agentLink, heard, record } = await opened();
  const ids = numbered(500);
  for (const id of ids) {
    const body = { v: 1, execution_id: ExecutionId.parse(id), attempt: 1 } as const;
    expect(agentLink.send({ kind: 'accept', body })).toBe('sent');
    expect(mesh.send(session.name, { kind: 'result_ack', body })).toBe('sent');
  }
  await clock.advance(10);
  const up = record.frames.flatMap(({ frame }) => (frame.kind === 'accept' ? [frame.body.execution_id] : []));
  const down = heard.frames.flatMap((frame) =>
    frame.kind === 'result_ack' ? [frame.body.execution_id] : [],
  );
  expect([up, down]).toEqual([ids, ids]);
});

test('mesh knows how a session fares', async () => {
  const { clock, mesh, session, agentLink } = await opened();
  const before = mesh.stats(session.name);
  await clock.advance(1000);
  agentLink.send(sampleFrame('output'));
  await clock.advance(10);
  const after = mesh.stats(session.name);
  expect(after).toMatchObject({ badFrames: 0, queuedBytes: 0, sourceAddress: '127.0.0.1' });
  expect((after?.bytesIn ?? 0) - (before?.bytesIn ?? 0)).toBeGreaterThan(3);
  expect((after?.lastHeardAt ?? 0) - (before?.lastHeardAt ?? 0)).toBeGreaterThanOrEqual(1000);
  expect(mesh.stats('0'.repeat(24))).toBeNull();
});

test('mesh ends the older session of an agent before the newer one opens', async () => {
  const fixture = await opened();
  const events: string[] = [];
  const second = fixture.link(fixture.a, 'second');
  await fixture.clock.advance(20);
  const [first, next] = fixture.record.opened;
  events.push(...fixture.record.closed.map(({ session, end }) => `${session.name} ${end}`));
  expect(events).toEqual([`${first?.name} replaced`]);
  expect(fixture.mesh.sessionOf(fixture.a.agentId)).toBe(next);
  expect(fixture.mesh.send(first?.name ?? '', order(1))).toBe('gone');
  expect(fixture.heard.losses).toMatchObject([{ code: 'session_replaced', welcomed: true }]);
  await second.link.close();
});

test('mesh refuses the slower of two hellos of one agent', async () => {
  const epochs = [2, 1];
  const welcome = async () => ({
    ...sampleFrame('welcome').body,
    epoch: epochs.shift() ?? 9,
  });
  const fixture = await memoryFixture({ handlers: { welcome } });
  const first = fixture.link(fixture.a, 'first');
  const second = fixture.link(fixture.a, 'second');
  await fixture.clock.advance(20);
  expect(fixture.record.opened.map(({ epoch }) => epoch)).toEqual([2]);
  expect([...first.record.losses, ...second.record.losses]).toMatchObject([{ code: 'session_replaced' }]);
  expect(fixture.record.closed).toEqual([]);
});

test('mesh sends nothing of an old session on a new one', async () => {
  const { clock, mesh, network, a, session, heard, record } = await opened();
  network.stall(a.curve.publicKey, true);
  for (let sent = 0; sent < 1200; sent += 1) mesh.send(session.name, order(100));
  await clock.advance(10);
  expect(mesh.send(session.name, order(100))).toBe('queued');
  network.cut(a.curve.publicKey);
  await clock.advance(500);
  expect(record.opened).toHaveLength(2);
  expect(mesh.send(session.name, order(100))).toBe('gone');
  await clock.advance(5000);
  expect(heard.frames).toEqual([]);
  expect(record.closed).toMatchObject([{ session, end: 'gone' }]);
});

test('mesh keeps 1 MiB for an agent that does not read, and holds up no other', async () => {
  const fixture = await opened();
  const { clock, mesh, network, a, b, session } = fixture;
  const other = fixture.link(b, 'other');
  await clock.advance(20);
  network.stall(a.curve.publicKey, true);
  const outcomes = new Set<string>();
  for (let sent = 0; sent < 1100; sent += 1) {
    outcomes.add(mesh.send(session.name, order(10_000)));
    await Promise.resolve();
  }
  await clock.advance(10);
  for (let sent = 0; sent < 200; sent += 1) outcomes.add(mesh.send(session.name, order(10_000)));
  expect([...outcomes]).toEqual(['sent', 'queued', 'full']);
  expect(mesh.stats(session.name)?.queuedBytes).toBeLessThanOrEqual(1024 * 1024);
  const otherSession = mesh.sessionOf(b.agentId)?.name ?? '';
  expect(mesh.send(otherSession, order(10_000))).toBe('sent');
  await clock.advance(10);
  expect(other.record.frames).toHaveLength(1);
  network.stall(a.curve.publicKey, false);
  await clock.advance(500);
  expect(mesh.stats(session.name)?.queuedBytes).toBe(0);
});

test('mesh notices within a second and a half whose line is gone', async () => {
  const { clock, network, a, b, link, record, agentLink } = await opened();
  link(b, 'b');
  await clock.advance(3000);
  network.cut(a.curve.publicKey);
  const closing = agentLink.close();
  await clock.advance(1500);
  await closing;
  expect(record.closed).toMatchObject([{ session: { agentId: a.agentId }, end: 'gone' }]);
});

test('mesh closes a session with a word to its agent', async () => {
  const { clock, mesh, session, heard, record } = await opened();
  mesh.close(session.name, { code: 'agent_evicted', message: 'Enrol anew.' });
  expect(record.closed).toEqual([{ session, end: 'closed' }]);
  mesh.close(session.name, { code: 'agent_evicted', message: 'Enrol anew.' });
  await clock.advance(10);
  expect(heard.losses).toEqual([{ code: 'agent_evicted', message: 'Enrol anew.', welcomed: true }]);
  expect(record.closed).toHaveLength(1);
});

async function misbehave({ clock, mesh, session }: Fixture & { session: { name: string } }, times: number) {
  for (let count = 0; count < times; count += 1) mesh.blame(session.name, 'names_another_agent');
  await clock.advance(10);
}

test('mesh tells of bad frames once per session and minute', async () => {
  const fixture = await opened();
  await misbehave(fixture, 10);
  await fixture.clock.advance(61_000);
  await misbehave(fixture, 1);
  const { session, record, mesh } = fixture;
  expect(record.violations).toEqual([
    { session, reason: 'names_another_agent', count: 1 },
    { session, reason: 'names_another_agent', count: 10 },
  ]);
  expect(mesh.stats(session.name)?.badFrames).toBe(11);
});

test('mesh closes a session after 100 bad frames', async () => {
  const fixture = await opened();
  await misbehave(fixture, 99);
  expect(fixture.record.closed).toEqual([]);
  await misbehave(fixture, 1);
  expect(fixture.record.closed).toMatchObject([{ session: fixture.session, end: 'violations' }]);
  expect(fixture.heard.losses).toMatchObject([{ code: 'bad_frames' }]);
});

test('mesh survives a handler that throws', async () => {
  const { clock, agentLink, mesh, session, heard } = await opened({ handlers: { frame: explode } });
  agentLink.send(sampleFrame('accept'));
  agentLink.send(sampleFrame('accept'));
  await clock.advance(10);
  mesh.send(session.name, sampleFrame('credit'));
  await clock.advance(10);
  expect(heard.frames).toHaveLength(1);
});

test('mesh holds a limited number of strangers', async () => {
  const fixture = await memoryFixture({ limits: { strangers: 2 } });
  const strangers = [fixture.raw(fixture.a), fixture.raw(fixture.a), fixture.raw(fixture.a)];
  for (const stranger of strangers) await stranger.say(sampleFrame('connect'));
  await fixture.clock.advance(10);
  expect(strangers.map(({ heard }) => heard.length)).toEqual([1, 1, 0]);
  await fixture.clock.advance(12_000);
  const late = fixture.raw(fixture.a);
  await late.say(sampleFrame('connect'));
  await fixture.clock.advance(10);
  expect(late.heard).toHaveLength(1);
});

test('mesh names kind, place and rule of a body it cannot accept', async () => {
  const { clock, agentLink, record } = await opened();
  const { body } = sampleFrame('lease_renewal');
  agentLink.send({ kind: 'lease_renewal', body: { ...body, sent_at: 0.5 } });
  await clock.advance(10);
  expect(record.violations).toMatchObject([
    { reason: expect.stringMatching(/^schema in lease_renewal: sent_at: /) },
  ]);
});

test('mesh answers what arrived before both of its sockets were open', async () => {
  const clock = virtualClock();
  const memory = memoryNetwork({ clock, seed: 'early' });
  const answers: Parts[] = [];
  const send = async (_: Uint8Array, parts: Parts) => (answers.push(parts), 'sent' as const);
  const network: MeshNetwork = {
    ...memory,
    listen: async (options) => {
      options.data.message(Buffer.from([0, 0, 0, 0, 1]), encodeFrame(sampleFrame('connect')));
      const sockets = await memory.listen(options);
      return { ...sockets, data: { ...sockets.data, send } };
    },
  };
  const ids = seededIds(clock, 'router');
  const { record } = await openRecordedRouter({ clock, network, ids, agents: [] });
  await clock.advance(10);
  expect(answers.map(([kind]) => String(kind))).toEqual(['challenge']);
  expect(record.fatal).toEqual([]);
});

test('mesh says goodbye when it stops', async () => {
  const { clock, mesh, session, heard, record } = await opened();
  await mesh.stop();
  await clock.advance(10);
  expect(record.closed).toEqual([{ session, end: 'stopped' }]);
  expect(heard.losses[0]).toMatchObject({ code: 'goodbye', welcomed: true });
});

test('mesh lets nobody in and tells its owner when the gate breaks', async () => {
  const { clock, record, link, a } = await memoryFixture({ admits: explode });
  const { record: heard } = link(a);
  await clock.advance(1000);
  expect(record.fatal).toHaveLength(1);
  expect(heard.welcomes).toEqual([]);
});
