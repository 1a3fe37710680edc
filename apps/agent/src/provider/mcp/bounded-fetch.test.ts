import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { boundedFetch } from './bounded-fetch.ts';

const MIB = 1024 * 1024;
const LINE = `data: ${'A'.repeat(MIB)}\n`;

/** Asks a server that answers with 40 of these, and counts the bytes that come through. */
async function bytesOf(piece: string, method: string): Promise<number> {
  const server = createServer((_, response) => {
    response.on('error', () => undefined);
    for (let sent = 0; sent < 40; sent += 1) response.write(piece);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = z.object({ port: z.int() }).parse(server.address());
  try {
    const { body } = await boundedFetch(`http://127.0.0.1:${port}/`, { method });
    let bytes = 0;
    for await (const part of body ?? []) bytes += part.length;
    return bytes;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test.each([
  ['an answer', LINE, 'POST'],
  ['an answer of many events', `${LINE}\n`, 'POST'],
  ['an event without an end', 'A'.repeat(MIB), 'GET'],
  ['an event of many lines', LINE, 'GET'],
  ['an event of many lines with two ends each', LINE.replace('\n', '\r\n'), 'GET'],
])('boundedFetch cuts off %s that is over 32 MiB', async (_, piece, method) => {
  await expect(bytesOf(piece, method)).rejects.toThrow('the answer is over 33554432 bytes');
});

test.each(['\n\n', '\r\r', '\r\n\r\n'])(
  'boundedFetch lets a stream go on for ever whose events end with %j',
  async (end) => {
    const event = LINE.replace('\n', end);
    expect(await bytesOf(event, 'GET')).toBe(40 * event.length);
  },
);
