import { expect, test } from 'vitest';
import { inHttpWorld, type HttpWorld } from '../../testing/http-world.ts';
import { readEvents, type EventReader, type ReceivedEvent } from '../../testing/read-events.ts';

const STREAM = 'GET /v1/exec/executions/stream';

const open = async ({ call, seed }: HttpWorld, query = '', headers = {}): Promise<EventReader> =>
  readEvents(await call(`${STREAM}${query}`, { key: seed.keys.operator, headers }));

const idsOf = (events: readonly ReceivedEvent[]): readonly number[] => events.map(({ id }) => Number(id));

/** Lets timers that are due run, the feed's among them. */
const settle = async ({ clock }: HttpWorld): Promise<void> => {
  await clock.advance(50);
  await clock.advance(50);
};

test('execution.stream without a position begins with what comes next', () =>
  inHttpWorld(async (world) => {
    const events = await open(world);
    await settle(world);
    const made = await world.invoke();
    await settle(world);
    const first = await events.next();
    expect(first).toMatchObject({
      event: 'invocation.created',
      data: { object: 'journal_entry', subject: { id: made.id } },
    });
    expect(first).toMatchObject({ data: { seq: Number(first?.id) } });
    await events.cancel();
  }));

test('execution.stream from 0 tells the whole journal and goes on live, without a gap', () =>
  inHttpWorld(async (world) => {
    await world.invoke();
    const events = await open(world, '?after_seq=0');
    const told = [...(await events.until('invocation.dispatched'))];
    const made = await world.invoke({ tool: 'demo_effect' });
    await settle(world);
    told.push(...(await events.until('approval.requested')));
    expect(idsOf(told)).toEqual(told.map((_event, at) => at + 1));
    expect(told.at(-1)).toMatchObject({ data: { refs: { invocation_id: made.id } } });
    await events.cancel();
  }));

test('execution.stream goes on after Last-Event-ID, which wins over after_seq', () =>
  inHttpWorld(async (world) => {
    await world.invoke();
    const events = await open(world, '?after_seq=0', { 'last-event-id': '3' });
    expect((await events.next())?.id).toBe('4');
    await events.cancel();
  }));

test('execution.stream sends the types that were asked for, and moves the position past the others', () =>
  inHttpWorld(async (world) => {
    const events = await open(world, '?types=approval.requested,approval.withdrawn');
    await settle(world);
    await world.invoke();
    const { id } = await world.invoke({ tool: 'demo_effect' });
    await world.call(`POST /v1/exec/invocations/${id}/cancel`);
    await settle(world);
    expect(await events.next()).toMatchObject({ event: 'approval.requested' });
    const last = await events.next();
    expect(last).toMatchObject({ event: 'approval.withdrawn' });
    await world.invoke();
    await settle(world);
    await world.clock.advance(15_000);
    const heartbeat = await events.next();
    expect(heartbeat).toMatchObject({ event: '', data: null });
    expect(Number(heartbeat?.id)).toBeGreaterThan(Number(last?.id));
    await events.cancel();
  }));

test('execution.stream tells a service nothing of keys, people and policies', () =>
  inHttpWorld(async (world) => {
    await world.invoke();
    const events = readEvents(await world.call(`${STREAM}?after_seq=0`));
    const told = await events.until('invocation.created');
    const nouns = new Set(told.map(({ event }) => event.split('.')[0]));
    expect(nouns).toEqual(new Set(['agent', 'invocation', 'workspace']));
    await events.cancel();
  }));

test('execution.stream tells nothing of another project', () =>
  inHttpWorld(async (world) => {
    const key = world.seed.keys.other_project;
    const events = readEvents(await world.call(`${STREAM}?after_seq=0`, { key }));
    await world.invoke();
    await settle(world);
    await world.clock.advance(15_000);
    const told = await events.until('');
    expect(told.length).toBeGreaterThan(1);
    for (const { data } of told.slice(0, -1))
      expect(data).toMatchObject({ project_id: world.seed.other_project_id });
    await events.cancel();
  }));

test(
  'a follower that leaves a mebibyte unread is cut off with an error, and the others go on',
  () =>
    inHttpWorld(async (world) => {
      const { call, seed, clock, invoke } = world;
      const stalled = await call(STREAM, { key: seed.keys.operator });
      const reading = await open(world);
      await settle(world);
      const rounds = 12;
      for (let round = 0; round < rounds; round++) {
        await Promise.all(Array.from({ length: 60 }, () => invoke({ tool: 'demo_effect' })));
        await clock.advance(50);
        for (let seen = 0; seen < 60; seen++) await reading.until('approval.requested');
      }
      const events = await readEvents(stalled).rest();
      expect(events.at(-1)).toMatchObject({
        event: 'error',
        id: null,
        data: { error: { code: 'unavailable', type: 'server_error' } },
      });
      expect(idsOf(events.slice(0, -1))).toEqual(
        events.slice(0, -1).map((_event, at) => Number(events[0]?.id) + at),
      );
      await reading.cancel();
    }),
  30_000,
);

test('a stream ends with an error when the key has expired', () =>
  inHttpWorld(async (world) => {
    const { store, service, clock, call } = world;
    await store.transact(async (tx) => {
      const key = await tx.access.apiKey(service.projectId, service.keyId);
      if (key) await tx.access.saveApiKey({ ...key, expiresAt: clock.now() + 5000 });
    });
    const events = readEvents(await call(STREAM));
    await clock.advance(5000);
    expect(await events.rest()).toMatchObject([
      { event: 'error', data: { error: { code: 'authentication_required' } } },
    ]);
  }));

test.each([
  ['execution.stream', () => STREAM],
  ['invocation.stream', (id: string) => `GET /v1/exec/invocations/${id}/stream`],
] as const)('%s ends with an error when its key is revoked, and tells nothing after that', (_name, lineOf) =>
  inHttpWorld(async (world) => {
    const { call, seed, service } = world;
    const running = await world.invoke({}, { key: seed.keys.operator });
    const events = readEvents(await call(lineOf(running.id)));
    await settle(world);
    await call(`POST /v1/management/api-keys/${service.keyId}/revoke`, { key: seed.keys.operator });
    await world.finish(running);
    await settle(world);
    expect((await events.rest()).at(-1)).toMatchObject({
      event: 'error',
      data: { error: { code: 'authentication_required' } },
    });
  }),
);

test('a stream that was being opened while its key was revoked ends with an error', () =>
  inHttpWorld(async (world) => {
    const { call, seed, service } = world;
    const revoke = `POST /v1/management/api-keys/${service.keyId}/revoke`;
    const [answer] = await Promise.all([call(STREAM), call(revoke, { key: seed.keys.operator })]);
    const events = answer.status === 200 ? await readEvents(answer).rest() : [await answer.json()];
    expect(JSON.stringify(events.at(-1))).toContain('authentication_required');
  }));

test('a stream ends with an error when the router drains', () =>
  inHttpWorld(async (world) => {
    const events = await open(world);
    await settle(world);
    world.app.drain();
    expect(await events.rest()).toMatchObject([{ event: 'error', data: { error: { code: 'unavailable' } } }]);
  }));

test('HEAD on a stream answers its headers and opens nothing', () =>
  inHttpWorld(async (world) => {
    const answer = await world.call('HEAD /v1/exec/executions/stream');
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await answer.text()).toBe('');
  }));

test('execution.stream refuses an id that is none of its events', () =>
  inHttpWorld(async (world) => {
    const answer = await world.call(STREAM, { headers: { 'last-event-id': '1.2.3.4' } });
    expect(await answer.json()).toMatchObject({ error: { code: 'invalid_body', param: 'Last-Event-ID' } });
  }));
