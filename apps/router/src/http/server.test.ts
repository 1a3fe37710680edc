import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { BODY_BYTES_MAX } from '../testing/http-world.ts';
import { readEvents } from '../testing/read-events.ts';
import { inServedWorld } from '../testing/served-world.ts';
import type { HttpServer } from './server.ts';

/** Sends bytes on a fresh connection and answers everything that comes back until its end. */
function exchange({ url }: HttpServer, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let answer = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk) => (answer += String(chunk)));
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    socket.write(bytes);
  });
}

const head = (key: string): string => `Host: x\r\nAuthorization: Bearer ${key}\r\nConnection: close\r\n`;

test.each([
  ['no HTTP at all', 'NONSENSE\r\n\r\n', 400],
  ['an unknown version', 'GET / HTTP/9.9\r\n\r\n', 400],
  ['no host', 'GET /v1/whoami HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['a host that is none', 'GET /v1/whoami HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
  ['a target that is none', 'GET nonsense HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  ['headers without end', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 413],
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    400,
  ],
])('a request with %s is answered with an envelope and a request id', (_name, bytes, status) =>
  inServedWorld(async ({ server }) => {
    const answer = await exchange(server, bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toMatch(/x-request-id: [0-9a-f-]{36}/i);
    expect(answer).toMatch(/"code":"(invalid_body|payload_too_large)"/);
  }),
);

test('a body that announces itself as too large is refused before it is sent', () =>
  inServedWorld(async ({ server, seed }) => {
    const length = BODY_BYTES_MAX + 1;
    const bytes = `POST /v1/exec/invocations HTTP/1.1\r\n${head(seed.keys.service)}Content-Length: ${length}\r\n\r\n`;
    const answer = await exchange(server, bytes);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(answer).toMatch(/"code":"payload_too_large"/);
  }));

test('a body in chunks is refused as soon as it is too large', () =>
  inServedWorld(async ({ server, seed }) => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    const bytes = `POST /v1/exec/invocations HTTP/1.1\r\n${head(seed.keys.service)}Transfer-Encoding: chunked\r\n\r\n`;
    const answer = await exchange(server, `${bytes}${chunk}${chunk}`);
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  }));

test('a body in chunks is read when it is small enough', () =>
  inServedWorld(async ({ server, seed }) => {
    const body = JSON.stringify({ workspace_id: seed.workspace_id, tool: 'demo_echo', args: {} });
    const bytes = `POST /v1/exec/invocations HTTP/1.1\r\n${head(seed.keys.service)}Transfer-Encoding: chunked\r\n\r\n`;
    const answer = await exchange(server, `${bytes}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 201 /);
  }));

test('a client that goes away while it waits leaves its call alone', () =>
  inServedWorld(async ({ server, seed, store, invoke }) => {
    const { id, project_id: projectId } = await invoke({ tool: 'demo_effect' });
    const gone = new AbortController();
    const headers = { authorization: `Bearer ${seed.keys.service}`, prefer: 'wait=60' };
    const waiting = fetch(`${server.url}/v1/exec/invocations/${id}`, { headers, signal: gone.signal });
    gone.abort();
    await expect(waiting).rejects.toThrow();
    expect(await store.read.invocations.get(projectId, id)).toMatchObject({ status: 'pending_approval' });
  }));

test('execution.raw sends megabytes through a socket to the last byte', () =>
  inServedWorld(async ({ server, seed, invoke, start, write, finish }) => {
    const made = await invoke();
    await start(made);
    const block = Buffer.from(Array.from({ length: 65_536 }, (_zero, at) => (at * 31) % 256));
    for (let sent = 0; sent < 64; sent++) await write(made, 'stdout', block);
    await finish(made, { report: {} });
    const headers = { authorization: `Bearer ${seed.keys.service}` };
    const answer = await fetch(`${server.url}/v1/exec/executions/${made.execution_id}/raw`, { headers });
    const bytes = Buffer.from(await answer.arrayBuffer());
    expect(bytes).toHaveLength(Number(answer.headers.get('content-length')));
    for (let at = 0; at < bytes.length; at += block.length) {
      expect(bytes.subarray(at, at + block.length).equals(block)).toBe(true);
    }
  }));

test('close lets a caller wait for the end of its call, and refuses others meanwhile', () =>
  inServedWorld(async ({ server, seed, invoke, start, finish }) => {
    const made = await invoke();
    await start(made);
    const headers = { authorization: `Bearer ${seed.keys.service}` };
    const waiting = fetch(`${server.url}/v1/exec/invocations/${made.id}`, {
      headers: { ...headers, prefer: 'wait=60' },
    });
    await fetch(`${server.url}/healthz`);
    const closed = server.close();
    const ready = await fetch(`${server.url}/readyz`);
    expect([ready.status, await ready.json()]).toMatchObject([503, { parts: { accepting: false } }]);
    const refused = await fetch(`${server.url}/v1/whoami`, { headers });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await refused.json()).toMatchObject({ error: { code: 'unavailable' } });
    await finish(made, { report: {} });
    expect(await (await waiting).json()).toMatchObject({ id: made.id, status: 'completed' });
    await closed;
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  }));

test('close ends streams with an error, waits with what there is, and frees the port', () =>
  inServedWorld(async ({ server, seed, invoke }) => {
    const { id } = await invoke({ tool: 'demo_effect' });
    const headers = { authorization: `Bearer ${seed.keys.operator}` };
    const stream = readEvents(await fetch(`${server.url}/v1/exec/invocations/${id}/stream`, { headers }));
    await stream.until('approval.requested');
    const waiting = fetch(`${server.url}/v1/exec/invocations/${id}`, {
      headers: { ...headers, prefer: 'wait=60' },
    });
    await fetch(`${server.url}/healthz`);
    await server.close();
    expect(await stream.rest()).toMatchObject([{ event: 'error', data: { error: { code: 'unavailable' } } }]);
    expect([200, 503]).toContain((await waiting).status);
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  }));

const HUGE_MIB = 100;
const MIB = 1024 * 1024;

/** Sends a body without end on a fresh connection until it is closed; what came back, and how much was sent of it. */
async function flood({ url }: HttpServer, header: string, piece: Buffer) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  const closed = new Promise<void>((resolve) => void socket.once('close', () => resolve()));
  let answer = '';
  socket.on('data', (chunk) => (answer += String(chunk)));
  socket.on('error', () => undefined);
  socket.on('end', () => void socket.destroy());
  socket.write(header);
  let sent = 0;
  while (sent < HUGE_MIB && !socket.destroyed) {
    const isTaken = socket.write(piece);
    sent += 1;
    if (!isTaken) await Promise.race([new Promise((resolve) => void socket.once('drain', resolve)), closed]);
  }
  await closed;
  return { answer, sent };
}

test.each([
  ['a length', `Content-Length: ${HUGE_MIB * MIB}`, Buffer.alloc(MIB, 0x20)],
  [
    'chunks',
    'Transfer-Encoding: chunked',
    Buffer.concat([Buffer.from('100000\r\n'), Buffer.alloc(MIB, 0x20), Buffer.from('\r\n')]),
  ],
])(
  'a body of 100 MiB with %s is refused long before its end, on a connection that is closed',
  (_, line, piece) =>
    inServedWorld(async ({ server, seed }) => {
      const header = `POST /v1/exec/invocations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${seed.keys.service}\r\n`;
      const before = process.memoryUsage();
      const { answer, sent } = await flood(server, `${header}${line}\r\n\r\n`, piece);
      const after = process.memoryUsage();
      expect(answer).toMatch(/^HTTP\/1.1 413 /);
      expect(answer).toMatch(/connection: close/i);
      expect(answer).toMatch(/"code":"payload_too_large"/);
      expect(sent).toBeLessThan(HUGE_MIB / 4);
      expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(32 * MIB);
    }),
);
