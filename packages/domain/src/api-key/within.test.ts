import { expect, test } from 'vitest';
import { arePinsWithin, areRangesWithin } from './within.ts';

test.each<[readonly string[] | null, readonly string[] | null, boolean]>([
  [null, null, true],
  [['10.0.0.0/8'], null, true],
  [null, ['10.0.0.0/8'], false],
  [['10.1.0.0/16', '10.2.3.4'], ['10.0.0.0/8'], true],
  [['10.0.0.0/8'], ['10.0.0.0/8'], true],
  [['10.0.0.0/7'], ['10.0.0.0/8'], false],
  [['10.0.0.1', '192.0.2.1'], ['192.0.2.0/24', '10.0.0.0/24'], true],
  [['10.0.0.1', '192.0.3.1'], ['192.0.2.0/24', '10.0.0.0/24'], false],
])('addresses %j lie within %j: %s', (inner, outer, within) => {
  expect(areRangesWithin(inner, outer)).toBe(within);
});

test.each<[readonly string[] | null, readonly string[] | null, boolean]>([
  [null, null, true],
  [['tool.list'], null, true],
  [null, ['tool.*'], false],
  [['tool.list'], ['tool.*'], true],
  [['tool.*'], ['tool.list', 'tool.get'], false],
  [['tool.*'], ['tool.*'], true],
  [['tool.list', 'agent.list'], ['tool.*'], false],
])('pins %j lie within %j: %s', (inner, outer, within) => {
  expect(arePinsWithin(inner, outer)).toBe(within);
});
