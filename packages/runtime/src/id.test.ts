import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { formatUuidV7, systemIds } from './id.ts';
import { seededIds } from './testing/seeded-ids.ts';
import { virtualClock } from './testing/virtual-clock.ts';

const V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('formatUuidV7 lays out the example of RFC 9562', () => {
  const random = Buffer.from('0000000000000cc318c4dc0c0c07398f', 'hex');
  expect(formatUuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
});

test('formatUuidV7 leaves the random bytes it was given alone', () => {
  const random = Buffer.alloc(16, 0xff);
  formatUuidV7(1, random);
  expect(random.equals(Buffer.alloc(16, 0xff))).toBe(true);
});

test('systemIds makes version 7 UUIDs that are all different', () => {
  const ids = systemIds(systemClock());
  const made = Array.from({ length: 2000 }, () => ids.uuid());
  expect(made.filter((id) => !V7.test(id))).toEqual([]);
  expect(new Set(made).size).toBe(made.length);
});

test('systemIds makes UUIDs that sort by the millisecond they were made in', async () => {
  const clock = virtualClock();
  const ids = systemIds(clock);
  const made: string[] = [];
  for (let at = 0; at < 50; at += 1) {
    made.push(ids.uuid());
    await clock.advance(1);
  }
  expect(made.toSorted()).toEqual(made);
});

test.each([
  ['hex', 12, /^[0-9a-f]{24}$/],
  ['hex', 16, /^[0-9a-f]{32}$/],
  ['token', 32, /^[\w-]{43}$/],
] as const)('systemIds.%s of %i bytes has its form', (kind, bytes, form) => {
  expect(systemIds(systemClock())[kind](bytes)).toMatch(form);
});

test('systemIds.bytes gives buffers that later draws do not overwrite', () => {
  const ids = systemIds(systemClock());
  const first = ids.bytes(32);
  const copy = Buffer.from(first);
  for (let draws = 0; draws < 1000; draws += 1) ids.bytes(32);
  expect(first.equals(copy)).toBe(true);
});

test('systemIds.bytes serves more than its pool holds', () => {
  expect(systemIds(systemClock()).bytes(10_000)).toHaveLength(10_000);
});

test('seededIds repeats itself from the same seed, and not from another', () => {
  const clock = virtualClock();
  const draw = (seed: string): readonly string[] => {
    const ids = seededIds(clock, seed);
    return [ids.uuid(), ids.hex(), ids.token()];
  };
  expect(draw('a')).toEqual(draw('a'));
  expect(draw('a')).not.toEqual(draw('b'));
});
