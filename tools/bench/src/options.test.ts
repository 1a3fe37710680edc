import { expect, test } from 'vitest';
import { FULL, QUICK } from './contest/plan.ts';
import { readOptions } from './options.ts';
import { FULL_EFFORT, QUICK_EFFORT } from './row/effort.ts';

test.each([
  [[], { plan: FULL, effort: FULL_EFFORT, against: null, json: null, baseline: null }],
  [['--quick'], { plan: QUICK, effort: QUICK_EFFORT }],
  [['--check'], { plan: FULL, effort: null, against: ['floor'], baseline: 'check' }],
  [['--write-baseline'], { plan: FULL, effort: null, against: ['floor'], baseline: 'write' }],
  [['--against', 'floor,restate', '--contest-only'], { effort: null, against: ['floor', 'restate'] }],
  [['--json', 'out.json'], { json: 'out.json' }],
])('options of %j', (args, expected) => {
  expect(readOptions(args)).toMatchObject(expected);
});

test('options that are unknown are refused', () => {
  expect(() => readOptions(['--fast'])).toThrow(TypeError);
});
