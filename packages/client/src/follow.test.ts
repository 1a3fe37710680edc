import { systemClock, type Clock } from '@xem/runtime';
import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { createClient, type InvocationEvent } from './index.ts';
import {
  EXECUTION_ID,
  INVOCATION_ID,
  invocationSample,
  json,
  pageSample,
  refuse,
  sendEvent,
  settledSample,
  startServer,
  startStream,
} from './testing/index.ts';

const STREAM = `GET /v1/exec/invocations/${INVOCATION_ID}/stream`;
const SHOW = `GET /v1/exec/invocations/${INVOCATION_ID}`;
const JOURNAL = 'GET /v1/exec/executions/stream';

const clientOf = (baseUrl: string, clock: Clock = { ...systemClock(), sleep: async () => undefined }) =>
  createClient({ baseUrl, surface: 'cli', clock });

const entry = (seq: number, type = 'invocation.started') => ({ object: 'journal_entry', seq, type });

const entries = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, at) => entry(from - at));

const output = (offset: number, piece: object) => ({
  execution_id: EXECUTION_ID,
  attempt: 1,
  stream: 'stdout',
  offset,
  ...piece,
});

async function collect(events: AsyncIterable<InvocationEvent>): Promise<InvocationEvent[]> {
  const all: InvocationEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const bytesOf = (events: readonly InvocationEvent[]): Buffer =>
  Buffer.concat(events.flatMap((event) => (event.kind === 'output' ? [event.piece.bytes] : [])));

test('client.followInvocation yields snapshot, entries, output byte for byte, and ends with the settled one', async () => {
  await using server = await startServer({
    [STREAM]: (_, response) => {
      startStream(response);
      sendEvent(response, { event: 'invocation.snapshot', data: invocationSample(), id: '4.0.0.0' });
      sendEvent(response, { event: 'invocation.started', data: entry(5), id: '5.1.0.0' });
      sendEvent(response, {
        event: 'execution.output',
        data: output(0, { text: '\uFEFFé', bytes: 5 }),
        id: '5.1.5.0',
      });
      sendEvent(response, {
        event: 'execution.output',
        data: output(5, { base64: '//4A', bytes: 3 }),
        id: '5.1.8.0',
      });
      sendEvent(response, { event: 'invocation.settled', data: settledSample() });
      sendEvent(response, { event: 'error', data: { error: { code: 'cancelled' } } });
    },
  });
  const events = await collect(clientOf(server.baseUrl).followInvocation(INVOCATION_ID));
  expect(events.map(({ kind }) => kind)).toEqual(['snapshot', 'entry', 'output', 'output', 'settled']);
  expect(bytesOf(events).toString('hex')).toBe('efbbbfc3a9fffe00');
});

test('client.followInvocation goes on from the last id, the bare id of a heartbeat included', async () => {
  await using server = await startServer({
    [STREAM]: ({ headers }, response, nth) => {
      if (nth === 1) return void response.destroy();
      startStream(response);
      if (nth === 0) {
        sendEvent(response, { event: 'invocation.snapshot', data: invocationSample(), id: '4.0.0.0' });
        response.write(': still here\nid: 9.0.0.0\n\nevent: invocation.started\nda', () =>
          response.destroy(),
        );
        return undefined;
      }
      expect(headers['last-event-id']).toBe('9.0.0.0');
      return sendEvent(response, { event: 'invocation.settled', data: settledSample() });
    },
  });
  const events = await collect(clientOf(server.baseUrl).followInvocation(INVOCATION_ID));
  expect(events.map(({ kind }) => kind)).toEqual(['snapshot', 'settled']);
  expect(server.received).toHaveLength(3);
});

test.each([
  ['no such route', (nth: number) => ({ status: 404, code: 'route_not_found', nth })],
  ['another kind of answer', (nth: number) => ({ status: 200, code: null, nth })],
])('client.followInvocation polls where it finds %s', async (_, answer) => {
  await using server = await startServer({
    [STREAM]: (_request, response, nth) => {
      const { status, code } = answer(nth);
      if (code === null) json(response, {}, { status });
      else refuse(response, { code }, { status: status });
    },
    [SHOW]: (_request, response, nth) => {
      if (nth < 2) json(response, invocationSample());
      else if (nth === 2) json(response, invocationSample({ status: 'running' }));
      else json(response, settledSample({ status: 'rejected' }));
    },
  });
  const events = await collect(clientOf(server.baseUrl).followInvocation(INVOCATION_ID));
  expect(events.map(({ kind }) => kind)).toEqual(['snapshot', 'snapshot', 'settled']);
});

test('client.followInvocation polls where something holds the stream back', async () => {
  const clock = virtualClock();
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  await using server = await startServer({
    [STREAM]: (_, response) => {
      startStream(response);
      open();
    },
    [SHOW]: (_, response) => json(response, settledSample()),
  });
  const events = collect(clientOf(server.baseUrl, clock).followInvocation(INVOCATION_ID));
  await opened;
  await clock.advance(20_000);
  expect((await events).map(({ kind }) => kind)).toEqual(['settled']);
});

test('client.followInvocation connects anew when a stream falls silent', async () => {
  const clock = virtualClock();
  const { promise: said, resolve: say } = Promise.withResolvers<void>();
  await using server = await startServer({
    [STREAM]: (_, response, nth) => {
      startStream(response);
      const data = nth === 0 ? invocationSample() : settledSample();
      sendEvent(response, {
        event: nth === 0 ? 'invocation.snapshot' : 'invocation.settled',
        data,
        id: `${nth}.0.0.0`,
      });
    },
  });
  const kinds: string[] = [];
  const follow = (async () => {
    for await (const { kind } of clientOf(server.baseUrl, clock).followInvocation(INVOCATION_ID)) {
      kinds.push(kind);
      say();
    }
  })();
  await said;
  await clock.advance(45_000);
  await clock.advance(200);
  await follow;
  expect(kinds).toEqual(['snapshot', 'settled']);
});

test.each([
  ['invocation_not_found', 404],
  ['authentication_required', 401],
])('client.followInvocation throws %s', async (code, status) => {
  await using server = await startServer({
    [STREAM]: (_, response) => refuse(response, { code }, { status: status }),
  });
  await expect(collect(clientOf(server.baseUrl).followInvocation(INVOCATION_ID))).rejects.toMatchObject({
    code,
  });
});

test('client.followInvocation throws the error event of a stream, unless it is worth another try', async () => {
  await using server = await startServer({
    [STREAM]: (_, response, nth) => {
      startStream(response);
      const code = nth === 0 ? 'unavailable' : 'invocation_not_found';
      sendEvent(response, {
        event: 'error',
        data: { error: { message: 'm', code, type: 't', param: null } },
      });
    },
  });
  await expect(collect(clientOf(server.baseUrl).followInvocation(INVOCATION_ID))).rejects.toMatchObject({
    code: 'invocation_not_found',
  });
  expect(server.received).toHaveLength(2);
});

test('client.followInvocation stops with the reason of its caller, and closes the connection', async () => {
  const controller = new AbortController();
  const { promise: closed, resolve: close } = Promise.withResolvers<void>();
  await using server = await startServer({
    [STREAM]: (_, response) => {
      response.on('close', close);
      startStream(response);
      sendEvent(response, { event: 'invocation.snapshot', data: invocationSample(), id: '1.0.0.0' });
    },
  });
  const follow = async (): Promise<void> => {
    const events = clientOf(server.baseUrl).followInvocation(INVOCATION_ID, { signal: controller.signal });
    for await (const event of events) if (event.kind === 'snapshot') controller.abort(new Error('enough'));
  };
  await expect(follow()).rejects.toThrow('enough');
  await closed;
});

test('client.followJournal goes on after the last entry, and tells of gaps', async () => {
  await using server = await startServer({
    [JOURNAL]: ({ url, headers }, response, nth) => {
      startStream(response);
      if (nth === 0) {
        expect(url).toContain('after_seq=6');
        sendEvent(response, { event: 'stream.gap', data: { after_seq: 6, first_seq: 8 } });
        sendEvent(response, { event: 'invocation.started', data: entry(8), id: '8' });
        response.end();
        return;
      }
      expect(url).not.toContain('after_seq');
      expect(headers['last-event-id']).toBe('8');
      sendEvent(response, { event: 'invocation.started', data: entry(9), id: '9' });
    },
  });
  const seen: unknown[] = [];
  for await (const event of clientOf(server.baseUrl).followJournal({
    afterSeq: 6,
    types: 'invocation.started',
  })) {
    seen.push(event.kind === 'entry' ? event.entry.seq : event.gap.first_seq);
    if (seen.length === 3) break;
  }
  expect(seen).toEqual([8, 8, 9]);
});

test('client.followJournal polls the list where there is no stream, page by page, without a gap', async () => {
  await using server = await startServer({
    'GET /v1/exec/journal': ({ url }, response, nth) => {
      if (nth === 0) return json(response, pageSample([entry(3)], 'c'));
      if (url.includes('after=')) return json(response, pageSample(entries(5, 1)));
      return json(response, pageSample(entries(7, 6), 'c'));
    },
  });
  const seen: number[] = [];
  for await (const event of clientOf(server.baseUrl).followJournal({})) {
    if (event.kind === 'entry') seen.push(event.entry.seq);
    if (seen.length === 4) break;
  }
  expect(seen).toEqual([4, 5, 6, 7]);
});
