import { expect, test } from 'vitest';
import { simulate } from './simulate.ts';

/** A few seeds for every run of the tests; `pnpm simulate` plays as many as there is time for. */
const SEEDS = Array.from({ length: 16 }, (_, index) => `suite ${index}`);

test.each(SEEDS)('a mesh under the troubles of seed "%s" loses, doubles and leaks nothing', async (seed) => {
  const { calls, broken } = await simulate(seed);
  expect(broken).toEqual([]);
  expect(calls).toBeGreaterThan(10);
});

test('a simulation tells the same story twice', async () => {
  const [first, second] = [await simulate('twice'), await simulate('twice')];
  expect(second).toEqual(first);
  expect(first.effects).toBeGreaterThan(5);
});
