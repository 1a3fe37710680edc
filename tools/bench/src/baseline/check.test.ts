import { expect, test } from 'vitest';
import type { Standing } from '../contest/standing.ts';
import { check, passes, ratiosOf, type Finding } from './check.ts';
import { readBaseline } from './file.ts';

const BASELINE = { cores: 2, ratios: { 1: 1, 32: 0.5 } };

const verdictsOf = (findings: readonly Finding[]): readonly string[] =>
  findings.map(({ verdict }) => verdict);

test.each([
  [{ 1: 1, 32: 0.5 }, ['holds', 'holds'], true],
  [{ 1: 0.81, 32: 0.41 }, ['holds', 'holds'], true],
  [{ 1: 0.79, 32: 0.5 }, ['worse', 'holds'], false],
  [{ 1: 1, 32: 0.39 }, ['holds', 'worse'], false],
  [{ 1: 1.19, 32: 0.59 }, ['holds', 'holds'], true],
  [{ 1: 1.21, 32: 0.61 }, ['better', 'better'], true],
  [{ 1: 1.21, 32: 0.39 }, ['better', 'worse'], false],
  [{ 1: 1 }, ['holds', 'missing'], false],
  [{ 1: 1, 32: Number.NaN }, ['holds', 'missing'], false],
  [{ 1: 1, 32: 0.5, 128: 0.1 }, ['holds', 'holds'], true],
])('check of %j says %j', (measured, verdicts, passed) => {
  const findings = check(BASELINE, measured);
  expect(verdictsOf(findings)).toEqual(verdicts);
  expect(passes(findings)).toBe(passed);
});

const standing = (peer: string, clients: number, median: number): Standing => {
  const spread = { median, least: 0, most: 9 };
  const absolute = { callsPerSecond: 1, p50Ms: 1, p99Ms: 1 };
  return { peer, clients, throughput: spread, latency: spread, ours: absolute, theirs: absolute };
};

test('check looks at medians against the floor and at nobody else', () => {
  const standings = [standing('floor', 1, 0.5), standing('other', 1, 4), standing('floor', 32, 0.25)];
  expect(ratiosOf(standings, 'floor')).toEqual({ 1: 0.5, 32: 0.25 });
});

test('check has a baseline for every number of clients of a full run', () => {
  expect(Object.keys(readBaseline().ratios)).toEqual(['1', '32', '128']);
});
