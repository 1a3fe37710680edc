import { virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import type { Delivery, Parts } from '../wire/transport.ts';
import { createLine } from './line.ts';

const text = (parts: Parts): string => parts.map((part) => Buffer.from(part).toString()).join('|');
const parts = (...words: string[]): Parts => words.map((word) => Buffer.from(word));

/** A line over a peer whose answers a test sets. */
function fixture(queueBytes = 10) {
  const clock = virtualClock();
  const sent: string[] = [];
  const peer: { answer: Delivery; goneTimes: number } = { answer: 'sent', goneTimes: 0 };
  const line = createLine({
    clock,
    queueBytes,
    to: Buffer.from([0]),
    socket: {
      send: async (_, message) => {
        if (peer.answer === 'sent') sent.push(text(message));
        return peer.answer;
      },
    },
    gone: () => (peer.goneTimes += 1),
    failed: (error) => {
      throw error;
    },
  });
  return { clock, sent, peer, line };
}

test('line sends in order, however fast it is given messages', async () => {
  const { clock, line, sent } = fixture(1000);
  const words = Array.from({ length: 100 }, (_, index) => String(index));
  for (const word of words) expect(line.send(parts(word))).toBe('sent');
  await clock.advance(0);
  expect(sent).toEqual(words);
  expect(line.queuedBytes).toBe(0);
});

test('line keeps what a full peer does not take, up to its bound, and sends it once there is room', async () => {
  const { clock, line, sent, peer } = fixture(10);
  peer.answer = 'full';
  expect(line.send(parts('aaaa'))).toBe('sent');
  await clock.advance(0);
  expect(line.send(parts('bbbb'))).toBe('queued');
  expect(line.send(parts('cccc'))).toBe('full');
  expect(line.queuedBytes).toBe(8);
  peer.answer = 'sent';
  await clock.advance(200);
  expect(sent).toEqual(['aaaa', 'bbbb']);
  expect(line.send(parts('dddd'))).toBe('sent');
});

test('line takes one message of any size when nothing waits', () => {
  expect(fixture(10).line.send(parts('a'.repeat(100)))).toBe('sent');
});

test('line tells once that its peer is gone, and is silent from then on', async () => {
  const { clock, line, sent, peer } = fixture();
  peer.answer = 'gone';
  line.send(parts('a'));
  line.send(parts('b'));
  await clock.advance(0);
  peer.answer = 'sent';
  expect(line.send(parts('c'))).toBe('full');
  await clock.advance(1000);
  expect(sent).toEqual([]);
  expect(peer.goneTimes).toBe(1);
});

test('line forgets what waits when it ends, and sends its last words', async () => {
  const { clock, line, sent, peer } = fixture();
  peer.answer = 'full';
  line.send(parts('old order'));
  await clock.advance(0);
  peer.answer = 'sent';
  line.end(parts('refused'));
  await clock.advance(1000);
  expect(sent).toEqual(['refused']);
});
