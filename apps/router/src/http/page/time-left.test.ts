import { expect, test } from 'vitest';
import { timeLeft } from './time-left.ts';

test.each([
  [0, 'none'],
  [-5_000, 'none'],
  [59_000, 'less than a minute'],
  [60_000, '1 min'],
  [59 * 60_000, '59 min'],
  [61 * 60_000, '1 h 1 min'],
])('timeLeft of %i ms is %s', (ms, words) => {
  expect(timeLeft(1_000_000 + ms, 1_000_000)).toBe(words);
});
