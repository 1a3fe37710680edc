import { systemClock } from '@xem/runtime';
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { createClient } from './index.ts';
import { EXECUTION_ID, refuse, startServer, type Received } from './testing/index.ts';

const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 256));
const SHA256 = createHash('sha256').update(BYTES).digest('hex');
const PATH = `GET /v1/exec/executions/${EXECUTION_ID}/raw`;

const clientOf = (baseUrl: string) =>
  createClient({ baseUrl, surface: 'cli', clock: { ...systemClock(), sleep: async () => undefined } });

/** Serves the bytes as the router does; `until` breaks the connection after so many of them. */
function serve({ headers }: Received, response: ServerResponse, until = Number.POSITIVE_INFINITY): void {
  const from = Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
  const common = { etag: `"${SHA256}"`, 'x-content-sha256': SHA256, 'accept-ranges': 'bytes' };
  if (from >= BYTES.length) {
    response.writeHead(416, { 'content-range': `bytes */${BYTES.length}` }).end();
    return;
  }
  response.writeHead(from > 0 ? 206 : 200, {
    ...common,
    'content-length': BYTES.length - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${BYTES.length - 1}/${BYTES.length}` }),
  });
  if (until >= BYTES.length) response.end(BYTES.subarray(from));
  else response.write(BYTES.subarray(from, until), () => response.destroy());
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test('client.raw gives every byte, and what is known of them', async () => {
  await using server = await startServer({ [PATH]: (request, response) => serve(request, response) });
  const output = await clientOf(server.baseUrl).raw(EXECUTION_ID, 'stderr');
  expect(output).toMatchObject({ bytes: BYTES.length, sha256: SHA256, truncated: false });
  expect((await collect(output.body)).equals(BYTES)).toBe(true);
  expect(server.received[0]?.url).toContain('stream=stderr');
  expect(server.received[0]?.headers['accept-encoding']).toBe('identity');
});

test('client.raw goes on where a download broke, more than once', async () => {
  await using server = await startServer({
    [PATH]: (request, response, nth) => serve(request, response, [70_000, 140_000, 200_000][nth]),
  });
  const { body } = await clientOf(server.baseUrl).raw(EXECUTION_ID, 'stdout');
  expect((await collect(body)).equals(BYTES)).toBe(true);
  expect(server.received).toHaveLength(4);
  for (const { headers } of server.received.slice(1)) {
    expect(headers.range).toMatch(/^bytes=\d+-$/);
    expect(headers['if-range']).toBe(`"${SHA256}"`);
  }
});

test('client.raw begins where the caller says', async () => {
  await using server = await startServer({ [PATH]: (request, response) => serve(request, response) });
  const client = clientOf(server.baseUrl);
  const tail = await client.raw(EXECUTION_ID, 'stdout', { from: 299_990 });
  expect((await collect(tail.body)).equals(BYTES.subarray(299_990))).toBe(true);
  expect(tail.bytes).toBe(BYTES.length);
  const nothing = await client.raw(EXECUTION_ID, 'stdout', { from: BYTES.length });
  expect(await collect(nothing.body)).toHaveLength(0);
});

test('client.raw gives an empty stream', async () => {
  await using server = await startServer({
    [PATH]: (_, response) => void response.writeHead(200, { 'content-length': 0 }).end(),
  });
  const { body, bytes } = await clientOf(server.baseUrl).raw(EXECUTION_ID, 'stdout');
  expect(bytes).toBe(0);
  expect(await collect(body)).toHaveLength(0);
});

test('client.raw refuses bytes that are not those it was promised', async () => {
  await using server = await startServer({
    [PATH]: (_, response) => {
      response.writeHead(200, { 'content-length': 3, 'x-content-sha256': SHA256 }).end('abc');
    },
  });
  const { body } = await clientOf(server.baseUrl).raw(EXECUTION_ID, 'stdout');
  await expect(collect(body)).rejects.toMatchObject({ code: 'internal', kind: 'malformed' });
});

test('client.raw refuses to go on with other bytes than it began with', async () => {
  await using server = await startServer({
    [PATH]: (request, response, nth) => {
      if (nth === 0) serve(request, response, 70_000);
      else response.writeHead(200, { etag: '"other"' }).end('else');
    },
  });
  const { body } = await clientOf(server.baseUrl).raw(EXECUTION_ID, 'stdout');
  await expect(collect(body)).rejects.toMatchObject({ kind: 'malformed' });
});

test('client.raw gives up when the router stays away', async () => {
  await using server = await startServer({
    [PATH]: (request, response, nth) =>
      nth === 0 ? serve(request, response, 70_000) : void response.destroy(),
  });
  const { body } = await clientOf(server.baseUrl).raw(EXECUTION_ID, 'stdout');
  await expect(collect(body)).rejects.toMatchObject({ kind: 'unreachable' });
});

test.each([
  [409, 'invalid_state'],
  [410, 'output_expired'],
  [404, 'execution_not_found'],
])('client.raw throws %s %s', async (status, code) => {
  await using server = await startServer({
    [PATH]: (_, response) => refuse(response, { code }, { status: status }),
  });
  await expect(clientOf(server.baseUrl).raw(EXECUTION_ID, 'stdout')).rejects.toMatchObject({ code, status });
});
