import { DAY_MS, type Invocation } from '@xem/protocol';
import { expect, test } from 'vitest';
import { inHttpWorld, openApp, type HttpWorld } from '../../testing/http-world.ts';
import { readEvents, type ReceivedEvent } from '../../testing/read-events.ts';

/** Cuts the journal of the world off after an entry, as retention does. */
async function cutAfter({ store, service }: HttpWorld, seq: number): Promise<void> {
  const { projectId } = service;
  const [entry] = await store.read.journal.after(projectId, seq - 1, 1);
  const checkpoint = { projectId, seq, hash: entry?.hash ?? '', at: 1, signature: 'signed' };
  await store.transact((tx) => tx.journal.cut(checkpoint));
}

/** Follows as the client of a router that was started anew, whose memory holds no entries. */
async function followAnew(
  world: HttpWorld,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ next: () => Promise<ReceivedEvent | null>; close: () => Promise<void> }> {
  const app = openApp(world);
  const authorization = `Bearer ${world.seed.keys.operator}`;
  const events = readEvents(await app.hono.request(path, { headers: { authorization, ...headers } }));
  return {
    next: events.next,
    close: async () => {
      await events.cancel();
      app.drain();
      app.close();
    },
  };
}

const STREAM = '/v1/exec/executions/stream';

test.each([
  ['after_seq', `${STREAM}?after_seq=1`, {}],
  ['Last-Event-ID', STREAM, { 'last-event-id': '1' }],
])(
  'execution.stream tells who asks by %s for what is gone of the gap, and goes on behind it',
  (_by, path, headers) =>
    inHttpWorld(async (world) => {
      await world.invoke();
      await cutAfter(world, 5);
      const events = await followAnew(world, path, headers);
      expect(await events.next()).toEqual({
        event: 'stream.gap',
        id: null,
        data: { after_seq: 1, first_seq: 6 },
      });
      expect(await events.next()).toMatchObject({ id: '6', data: { seq: 6 } });
      expect((await events.next())?.id).toBe('7');
      await events.close();
    }),
);

test('execution.stream tells of no gap when the next entry is there', () =>
  inHttpWorld(async (world) => {
    await world.invoke();
    await cutAfter(world, 5);
    const events = await followAnew(world, `${STREAM}?after_seq=5`);
    expect(await events.next()).toMatchObject({ id: '6' });
    await events.close();
  }));

async function ended(world: HttpWorld): Promise<Invocation> {
  const made = await world.invoke();
  await world.start(made);
  await world.finish(made, { stdout: Buffer.from('kept') });
  await world.clock.advance(DAY_MS / 2);
  await world.invoke();
  return made;
}

const seqsOf = async ({ store, service }: HttpWorld, { id }: Invocation): Promise<readonly number[]> =>
  (await store.read.journal.ofInvocation(service.projectId, id, 0)).map(({ seq }) => seq);

async function storyOf(
  world: HttpWorld,
  { id }: Invocation,
  headers = {},
): Promise<readonly ReceivedEvent[]> {
  const events = await followAnew(world, `/v1/exec/invocations/${id}/stream`, headers);
  const story: ReceivedEvent[] = [];
  for (let event = await events.next(); event; event = await events.next()) story.push(event);
  await events.close();
  return story;
}

test('invocation.stream of a call whose entries are all gone tells the gap, its output and how it ended', () =>
  inHttpWorld(async (world) => {
    const made = await ended(world);
    const last = (await seqsOf(world, made)).at(-1) ?? 0;
    await cutAfter(world, last);
    const story = await storyOf(world, made);
    expect(story.map(({ event }) => event)).toEqual([
      'invocation.snapshot',
      'stream.gap',
      'execution.output',
      'invocation.settled',
    ]);
    expect(story[1]).toEqual({ event: 'stream.gap', id: null, data: { after_seq: 0, first_seq: last + 1 } });
    expect(story[2]).toMatchObject({ data: { text: 'kept', offset: 0, attempt: 1 } });
  }));

test('invocation.stream of a call whose first entries are gone goes on with those that are left', () =>
  inHttpWorld(async (world) => {
    const made = await ended(world);
    const seqs = await seqsOf(world, made);
    await cutAfter(world, seqs[2] ?? 0);
    const story = await storyOf(world, made);
    expect(story.map(({ event }) => event)).toEqual([
      'invocation.snapshot',
      'stream.gap',
      'invocation.started',
      'execution.output',
      'execution.ended',
      'invocation.completed',
      'invocation.settled',
    ]);
    expect(story[1]).toMatchObject({ data: { after_seq: 0, first_seq: seqs[3] } });
    const position = { 'last-event-id': `${seqs.at(-2)}.1.4.0` };
    expect((await storyOf(world, made, position)).map(({ event }) => event)).toEqual([
      'invocation.snapshot',
      'invocation.completed',
      'invocation.settled',
    ]);
  }));
