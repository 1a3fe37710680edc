import { expect, test } from 'vitest';
import { systemClock } from './clock.ts';
import { wallOffsetOf } from './wall-offset.ts';

test.each([{}, { XEM_WALL_OFFSET_MS: '' }])('wallOffsetOf is nothing when none is named: %o', (env) => {
  expect(wallOffsetOf(env)).toBeUndefined();
});

test.each(['an hour', '1e9', '1.5', '--1'])('wallOffsetOf refuses %s', (named) => {
  expect(() => wallOffsetOf({ XEM_WALL_OFFSET_MS: named })).toThrow(/^XEM_WALL_OFFSET_MS/);
});

test.each([3_600_000, -3_600_000])('wallOffsetOf moves the wall clock by %i ms', (offset) => {
  const moved = systemClock(wallOffsetOf({ XEM_WALL_OFFSET_MS: `${offset}` }));
  const away = moved.now() - systemClock().now();
  expect(Math.abs(away - offset)).toBeLessThan(1000);
});
