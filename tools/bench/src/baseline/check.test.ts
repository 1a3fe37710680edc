import { expect, test } from 'vitest';
import type { Standing } from '../contest/standing.ts';
import { check, passes, ratiosOf, type Finding } from './check.ts';
import { readBaseline } from './file.ts';

const BASELINE = { cores: 2, throughput: { 1: 1, 32: 0.5 }, processor: { 32: 3 } };

const verdictsOf = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ verdict }) => verdict);

test.each([
  [{ 1: 1, 32: 0.5 }, 3, ['holds', 'holds', 'holds']],
  [{ 1: 0.81, 32: 0.41 }, 3.7, ['holds', 'holds', 'holds']],
  [{ 1: 0.79, 32: 0.5 }, 3, ['worse', 'holds', 'holds']],
  [{ 1: 1, 32: 0.39 }, 3, ['holds', 'worse', 'holds']],
  [{ 1: 1, 32: 0.5 }, 3.8, ['holds', 'holds', 'worse']],
  [{ 1: 1.19, 32: 0.59 }, 2.6, ['holds', 'holds', 'holds']],
  [{ 1: 1.21, 32: 0.61 }, 2.4, ['better', 'better', 'better']],
  [{ 1: 1.21, 32: 0.39 }, 3, ['better', 'worse', 'holds']],
  [{ 1: 1 }, 3, ['holds', 'missing', 'holds']],
  [{ 1: 1, 32: Number.NaN }, 3, ['holds', 'missing', 'holds']],
  [{ 1: 1, 32: 0.5 }, Number.NaN, ['holds', 'holds', 'missing']],
  [{ 1: 1, 32: 0.5, 128: 0.1 }, 3, ['holds', 'holds', 'holds']],
])('check of calls/s %j and processor time %f says %j', (throughput, processor, verdicts) => {
  const findings = check(BASELINE, { throughput, processor: { 32: processor } });
  expect(verdictsOf(findings)).toEqual(verdicts);
  expect(passes(findings)).toBe(!verdicts.includes('worse') && !verdicts.includes('missing'));
});

const standing = (peer: string, clients: number, median: number): Standing => {
  const spread = { median, least: 0, most: 9 };
  const absolute = { callsPerSecond: 1, p50Ms: 1, p99Ms: 1, processorMs: 1 };
  return {
    peer,
    clients,
    throughput: spread,
    latency: spread,
    processor: spread,
    ours: absolute,
    theirs: absolute,
  };
};

test('check looks at medians against the floor and at nobody else', () => {
  const standings = [standing('floor', 1, 0.5), standing('other', 1, 4), standing('floor', 32, 0.25)];
  expect(ratiosOf(standings, 'floor')).toEqual({
    throughput: { 1: 0.5, 32: 0.25 },
    processor: { 1: 0.5, 32: 0.25 },
  });
});

test('check has a baseline for every number of clients of a full run', () => {
  const { throughput, processor } = readBaseline();
  expect([throughput, processor].map(Object.keys)).toEqual([
    ['1', '32', '128'],
    ['1', '32', '128'],
  ]);
});
