import { expect, test } from 'vitest';
import { median, quantile, spreadOf } from './statistic.ts';

test.each([
  [[], Number.NaN],
  [[7], 7],
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[1, 1, 1, 100], 1],
  [[10, 9, 100], 10],
])('median of %j is %f', (values, expected) => {
  expect(median(values)).toBe(expected);
});

test('median leaves the order of its values alone', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

test.each([
  [0, 1],
  [0.5, 51],
  [0.99, 100],
  [1, 100],
])('quantile %f of 1 to 100 is %f', (share, expected) => {
  const sorted = Array.from({ length: 100 }, (_, nth) => nth + 1);
  expect(quantile(sorted, share)).toBe(expected);
});

test('quantile of nothing is no number', () => {
  expect(quantile([], 0.5)).toBeNaN();
});

test('spread tells the median with the least and the most', () => {
  expect(spreadOf([3, 9, 1])).toEqual({ median: 3, least: 1, most: 9 });
});

test('spread of nothing has no numbers', () => {
  expect(spreadOf([])).toEqual({ median: Number.NaN, least: Number.NaN, most: Number.NaN });
});
