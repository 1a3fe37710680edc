import { request } from 'node:http';
import { recordingLog } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { KEY, openWorld } from '../testing/stand-in.ts';

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 't', version: '1' } },
});

interface Heard {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Sends what a client or a browser would, the Host header included. */
function post(url: string, headers: Readonly<Record<string, string>>): Promise<Heard> {
  const { promise, resolve, reject } = Promise.withResolvers<Heard>();
  const sent = request(
    url,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...headers,
      },
    },
    (response) => {
      let body = '';
      response.on('data', (piece: Buffer) => (body += String(piece)));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
    },
  );
  sent.on('error', reject);
  sent.end(INITIALIZE);
  return promise;
}

const authorization = `Bearer ${KEY}`;

test.each([
  ['no key', {}],
  ['another scheme', { authorization: 'Basic abc' }],
  ['a key that the router does not know', { authorization: 'Bearer xk_wrong' }],
] as const)('mcp answers 401 with the envelope to %s', async (_, headers) => {
  await using world = await openWorld();
  const heard = await post(world.url, headers);
  expect(heard.status).toBe(401);
  expect(heard.headers['www-authenticate']).toContain('Bearer');
  expect(heard.headers['x-request-id']).toBeTruthy();
  expect(JSON.parse(heard.body)).toMatchObject({
    error: { code: 'authentication_required', type: 'authentication_error', param: null },
  });
});

test.each([
  ['an origin of elsewhere', { origin: 'https://evil.example' }],
  ['a host of elsewhere', { host: 'evil.example' }],
] as const)('mcp refuses %s', async (_, headers) => {
  await using world = await openWorld();
  expect((await post(world.url, { authorization, ...headers })).status).toBe(403);
});

test('mcp admits the host names it is told', async () => {
  await using world = await openWorld();
  expect((await post(world.url, { authorization, host: 'mcp.example' })).status).toBe(200);
});

test('mcp asks the router about a key once for a while, and never logs it', async () => {
  const log = recordingLog();
  await using world = await openWorld({ log });
  for (const _ of [1, 2]) expect((await post(world.url, { authorization })).status).toBe(200);
  await post(world.url, { authorization: 'Bearer xk_wrong' });
  const asked = world.router.received.filter(({ url }) => url === '/v1/whoami');
  expect(asked).toHaveLength(2);
  expect(JSON.stringify(log.lines)).not.toMatch(/xk_/);
});

test.each(['GET', 'DELETE'])('mcp keeps no session: %s answers 405', async (method) => {
  await using world = await openWorld();
  expect((await fetch(world.url, { method, headers: { authorization } })).status).toBe(405);
});
