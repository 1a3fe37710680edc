import { expect, test } from 'vitest';
import { compileHours, DAYS, isTimeZone } from './hours.ts';

const at = (time: string): number => Date.parse(time);

test.each<[string, boolean]>([
  ['2026-06-01T05:59:59Z', false],
  ['2026-06-01T06:00:00Z', true],
  ['2026-06-01T15:59:59Z', true],
  ['2026-06-01T16:00:00Z', false],
  ['2026-06-06T10:00:00Z', false],
  ['2026-12-01T06:30:00Z', false],
  ['2026-12-01T07:00:00Z', true],
])('hours by day, in a zone that changes its clocks, hold at %s: %s', (time, holds) => {
  const days = DAYS.slice(0, 5);
  expect(compileHours({ zone: 'Europe/Berlin', days, from: '08:00', to: '18:00' })(at(time))).toBe(holds);
});

test.each<[string, boolean]>([
  ['2026-06-05T21:59:00Z', false],
  ['2026-06-05T22:00:00Z', true],
  ['2026-06-06T05:59:00Z', true],
  ['2026-06-06T06:00:00Z', false],
  ['2026-06-06T22:00:00Z', false],
  ['2026-06-05T05:00:00Z', false],
])('hours over midnight count for the day on which they begin, at %s: %s', (time, holds) => {
  expect(compileHours({ zone: 'UTC', days: ['fri'], from: '22:00', to: '06:00' })(at(time))).toBe(holds);
});

test('hours over midnight of a Sunday reach into Monday', () => {
  const holds = compileHours({ zone: 'UTC', days: ['sun'], from: '22:00', to: '06:00' });
  expect(holds(at('2026-06-08T05:00:00Z'))).toBe(true);
  expect(holds(at('2026-06-07T05:00:00Z'))).toBe(false);
});

test.each([
  ['Europe/Berlin', true],
  ['UTC', true],
  ['Mars/Olympus', false],
  ['', false],
])('isTimeZone says of %j: %s', (zone, known) => {
  expect(isTimeZone(zone)).toBe(known);
});
