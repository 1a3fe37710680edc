import { duplexPair, type Duplex } from 'node:stream';
import { seededIds, virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { refuseSocket } from './refuse-socket.ts';

const tooSlow: NodeJS.ErrnoException = Object.assign(new Error('slow'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });

async function readAll(socket: Duplex): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  return text;
}

test('refuseSocket cuts off a client that never hangs up, after time to read why', async () => {
  const clock = virtualClock();
  const [own, client] = duplexPair({ allowHalfOpen: true });
  refuseSocket(tooSlow, own, { clock, ids: seededIds(clock) });
  expect(await readAll(client)).toMatch(/^HTTP\/1.1 400 [^]*"invalid_body"/);
  expect(own.destroyed).toBe(false);
  await clock.advance(1000);
  expect(own.destroyed).toBe(true);
});

test('refuseSocket says nothing to a client that was answered before', () => {
  const clock = virtualClock();
  const [own] = duplexPair();
  own.end();
  refuseSocket(tooSlow, own, { clock, ids: seededIds(clock) });
  expect(own.destroyed).toBe(true);
});
