import { ERROR_CODES, statusOf } from '@xem/errors';
import { OPERATIONS } from '@xem/protocol';
import { systemClock } from '@xem/runtime';
import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { ClientError, createClient, ROUTES, type ClientOptions } from './index.ts';
import {
  executionSample,
  INVOCATION_ID,
  invocationSample,
  json,
  pageSample,
  refuse,
  startServer,
} from './testing/index.ts';

/** A clock whose sleeps are over at once, and noted. */
const hasty = (slept: number[] = []) => ({
  ...systemClock(),
  sleep: async (ms: number) => void slept.push(ms),
});

const clientOf = (baseUrl: string, over: Partial<ClientOptions> = {}) =>
  createClient({ baseUrl, apiKey: 'xero_demo_k', surface: 'cli', clock: hasty(), ...over });

const failureOf = async (call: Promise<unknown>): Promise<ClientError> => {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ClientError)) throw new Error('no ClientError', { cause: error });
  return error;
};

const CREATE = { workspace_id: 'ws_a1b2c3d4', tool: 'demo_echo', args: { a: 1 } };

test('ROUTES has a route for every operation', () => {
  expect(Object.keys(ROUTES).toSorted()).toEqual(OPERATIONS.map(({ id }) => id).toSorted());
});

test('client.call puts members into path, query and body, and names key, surface, wait and idempotency', async () => {
  await using server = await startServer({
    'GET /v1/exec/tools/github.create_repo': (_, response) => json(response, { object: 'tool' }),
    'POST /v1/exec/invocations': (_, response) =>
      json(response, invocationSample(), { status: 201, headers: { location: '/v1/exec/invocations/x' } }),
  });
  const client = clientOf(server.baseUrl);
  await client.call(ROUTES['tool.get'], { name: 'github.create_repo', workspace_id: 'ws_a1b2c3d4' });
  const created = await client.call(ROUTES['invocation.create'], CREATE, {
    idempotencyKey: 'k1',
    waitSeconds: 5,
  });
  const [get, post] = server.received;
  expect(get?.url).toBe('/v1/exec/tools/github.create_repo?workspace_id=ws_a1b2c3d4');
  expect(get?.headers.authorization).toBe('Bearer xero_demo_k');
  expect(post?.headers).toMatchObject({ 'x-xem-surface': 'cli', 'idempotency-key': 'k1', prefer: 'wait=5' });
  expect(JSON.parse(post?.body ?? '')).toEqual(CREATE);
  expect(created.status).toBe(201);
  expect(created.headers).toEqual({
    requestId: 'req-1',
    location: '/v1/exec/invocations/x',
    replayed: false,
  });
});

test('client.call goes below the project when it has one', async () => {
  await using server = await startServer({
    'GET /prj_1/v1/whoami': (_, response) => json(response, { object: 'whoami' }),
  });
  const { data } = await clientOf(server.baseUrl, { projectId: 'prj_1' }).call(ROUTES['auth.whoami'], {});
  expect(data).toEqual({ object: 'whoami' });
});

test('client.call keeps members it does not know', async () => {
  await using server = await startServer({
    'GET /v1/exec/executions': (_, response) =>
      json(response, pageSample([{ ...executionSample(), of_tomorrow: 1 }])),
  });
  const { data } = await clientOf(server.baseUrl).call(ROUTES['execution.list'], { limit: 3 });
  expect(data.data[0]).toMatchObject({ of_tomorrow: 1 });
  expect(server.received[0]?.url).toBe('/v1/exec/executions?limit=3');
});

test.each(ERROR_CODES.filter((code) => statusOf(code) !== null))(
  'client.call throws %s as it came',
  async (code) => {
    await using server = await startServer({
      'POST /v1/exec/invocations': (_, response) =>
        refuse(response, { code, message: 'because', param: '/args' }, { status: statusOf(code) ?? 0 }),
    });
    const error = await failureOf(clientOf(server.baseUrl).call(ROUTES['invocation.create'], CREATE));
    expect(error).toMatchObject({
      code,
      message: 'because',
      param: '/args',
      requestId: 'req-1',
      kind: 'refused',
    });
    expect(error.status).toBe(statusOf(code));
    expect(error.retryable).toBe(error.row?.retry === 'backoff');
  },
);

test('client.call tells where a cancelled call is', async () => {
  await using server = await startServer({
    'POST /v1/exec/invocations': (_, response) =>
      refuse(
        response,
        { code: 'cancelled' },
        { status: 499, headers: { location: '/v1/exec/invocations/x' } },
      ),
  });
  const error = await failureOf(clientOf(server.baseUrl).call(ROUTES['invocation.create'], CREATE));
  expect(error.location).toBe('/v1/exec/invocations/x');
});

test.each([
  { what: 'a page of a proxy', status: 502, body: '<h1>Bad gateway</h1>', code: 'unavailable' },
  { what: 'no JSON at all', status: 200, body: '{"object":', code: 'internal' },
  { what: 'an error without a code', status: 400, body: '{"error":{"message":"no"}}', code: 'internal' },
  { what: 'a redirect', status: 302, body: '', code: 'internal' },
  { what: 'a limit without an envelope', status: 429, body: 'slow down', code: 'rate_limit_exceeded' },
])('client.call makes sense of $what', async ({ status, body, code }) => {
  await using server = await startServer({
    'POST /v1/exec/invocations': (_request, response) => {
      response.writeHead(status, { 'content-type': 'text/html', location: 'http://127.0.0.1:1/' }).end(body);
    },
  });
  const error = await failureOf(clientOf(server.baseUrl).call(ROUTES['invocation.create'], CREATE));
  expect(error).toMatchObject({ kind: 'malformed', code, status });
});

test('client.call repeats what is safe to repeat, patiently, and as long as Retry-After says', async () => {
  await using server = await startServer({
    'GET /v1/whoami': (_, response, nth) => {
      if (nth === 0) return (response.destroy(), undefined);
      if (nth === 1)
        return refuse(response, { code: 'unavailable' }, { status: 503, headers: { 'retry-after': '7' } });
      return json(response, { object: 'whoami' });
    },
  });
  const slept: number[] = [];
  const client = clientOf(server.baseUrl, { clock: hasty(slept) });
  await client.call(ROUTES['auth.whoami'], {});
  expect(slept).toEqual([200, 7000]);
});

test('client.call spreads its tries by chance', async () => {
  const slept: number[] = [];
  const ids = { bytes: () => Buffer.from([255]) };
  const gone = await startServer({});
  await gone[Symbol.asyncDispose]();
  const client = clientOf(gone.baseUrl, { clock: hasty(slept), ids });
  const error = await failureOf(client.call(ROUTES['auth.whoami'], {}));
  expect(slept).toEqual([100, 200, 400]);
  expect(error).toMatchObject({ kind: 'unreachable', code: 'unavailable', status: null, retryable: true });
  expect(error.row?.exit).toBe(75);
  expect(error.message).toContain('ECONNREFUSED');
});

test.each([
  ['repeats a POST with a key', 'k1', 2],
  ['sends a POST without a key once', undefined, 1],
])('client.call %s', async (_, idempotencyKey, requests) => {
  await using server = await startServer({
    'POST /v1/exec/invocations': (_request, response, nth) =>
      nth === 0 ? void response.destroy() : json(response, invocationSample(), { status: 201 }),
  });
  const call = clientOf(server.baseUrl).call(ROUTES['invocation.create'], CREATE, { idempotencyKey });
  await call.catch(() => undefined);
  expect(server.received).toHaveLength(requests);
});

test('client.call does not wait longer than a person would', async () => {
  await using server = await startServer({
    'GET /v1/whoami': (_, response) =>
      refuse(
        response,
        { code: 'rate_limit_exceeded', retry_after: 900 },
        { status: 429, headers: { 'retry-after': '900' } },
      ),
  });
  const error = await failureOf(clientOf(server.baseUrl).call(ROUTES['auth.whoami'], {}));
  expect(error).toMatchObject({ code: 'rate_limit_exceeded', retryAfterSeconds: 900 });
  expect(server.received).toHaveLength(1);
});

test('client.call ends at its deadline', async () => {
  const clock = virtualClock();
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  await using server = await startServer({ 'GET /v1/whoami': () => ask() });
  const failure = failureOf(
    clientOf(server.baseUrl, { clock }).call(ROUTES['auth.whoami'], {}, { timeoutMs: 1500 }),
  );
  await asked;
  await clock.advance(1500);
  expect(await failure).toMatchObject({ kind: 'deadline', message: 'no answer within 1.5 s' });
});

test('client.call throws the reason of its caller when he stops it', async () => {
  const controller = new AbortController();
  await using server = await startServer({ 'GET /v1/whoami': () => controller.abort(new Error('enough')) });
  const call = clientOf(server.baseUrl).call(ROUTES['auth.whoami'], {}, { signal: controller.signal });
  await expect(call).rejects.toThrow('enough');
});

test('client.call sends nothing for an id that would leave the path', async () => {
  await using server = await startServer({});
  const error = await failureOf(clientOf(server.baseUrl).call(ROUTES['tool.get'], { name: '..' }));
  expect(error).toMatchObject({ code: 'invalid_body', param: 'name' });
  expect(server.received).toHaveLength(0);
});

test('client.layOut shows a request without sending it', () => {
  const client = clientOf('http://127.0.0.1:1/');
  expect(client.layOut(ROUTES['invocation.cancel'], { id: INVOCATION_ID, reason: 'r' })).toMatchObject({
    method: 'POST',
    url: `http://127.0.0.1:1/v1/exec/invocations/${INVOCATION_ID}/cancel`,
    body: '{"reason":"r"}',
  });
});
