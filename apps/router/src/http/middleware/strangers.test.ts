import { systemClock } from '@xem/runtime';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStrangers } from './strangers.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

const clock = systemClock();
const over = expect.objectContaining({ code: 'rate_limit_exceeded', status: 429 });

/** An address that has had all of its tries. */
function exhausted(address: string, perMinute = 5) {
  const strangers = createStrangers(clock, perMinute);
  for (let tries = 0; tries < perMinute; tries += 1) strangers.note(address);
  return strangers;
}

test('an address that tried too many keys is refused until it has waited', () => {
  const strangers = exhausted('192.0.2.7');
  expect(() => strangers.note('192.0.2.7')).toThrow(over);
  expect(() => strangers.assertMayTry('192.0.2.7')).toThrow(over);
  vi.advanceTimersByTime(12_000);
  expect(() => strangers.assertMayTry('192.0.2.7')).not.toThrow();
  strangers.note('192.0.2.7');
  expect(() => strangers.assertMayTry('192.0.2.7')).toThrow(over);
});

test.each([
  ['192.0.2.7', '192.0.2.8'],
  ['2001:db8:1:2::1', '2001:db8:1:3::1'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.8'],
  ['::1', '2001:db8::1'],
])('the tries of %s are not those of %s', (one, other) => {
  const strangers = exhausted(one);
  expect(() => strangers.assertMayTry(one)).toThrow(over);
  expect(() => strangers.assertMayTry(other)).not.toThrow();
});

test.each([
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff'],
  ['2001:db8::1', '2001:db8:0:0:1::'],
  ['fe80::1%eth0', 'fe80::2%eth0'],
])('%s has the tries of its whole network, %s too', (one, other) => {
  expect(() => exhausted(one).assertMayTry(other)).toThrow(over);
});

test('a request of which no address is known is not counted', () => {
  const strangers = createStrangers(clock, 1);
  for (let tries = 0; tries < 9; tries += 1) strangers.note(undefined);
  expect(() => strangers.assertMayTry(undefined)).not.toThrow();
});
