import { expect, test } from 'vitest';
import { render, type Report } from './report.ts';

const REPORT: Report = {
  machine: { cores: 2, processor: 'Some', node: 'v24.0.0', fsyncMs: 0.1612, load: 1.26 },
  standings: [
    {
      peer: 'floor',
      clients: 32,
      throughput: { median: 0.4567, least: 0.4, most: 0.5 },
      latency: { median: 2.2, least: 2, most: 2.5 },
      processor: { median: 3, least: 2.9, most: 3.1 },
      ours: { callsPerSecond: 1927, p50Ms: 16.4, p99Ms: 30, processorMs: 0.9 },
      theirs: { callsPerSecond: 4780, p50Ms: 6.6, p99Ms: 12, processorMs: 0.3 },
    },
  ],
  rows: [{ id: 'start', says: 'start against Node', ratio: 40.12, goal: '≤ 50', figures: '1000 ms; 25 ms' }],
  contestants: [{ name: 'floor', about: 'plain Node', found: '7 rows' }],
  missing: ['restate: not installed'],
};

test('report tells ratios first, then figures, machine, work and who is missing', () => {
  expect(render(REPORT))
    .toBe(`Ratios, ours over theirs: calls/s more than 1 is better; p50 and cpu (processor time of a call), less than 1
  against  clients  calls/s ×   from     to  p50 ×  from    to  cpu ×  from    to
  floor         32      0.457  0.400  0.500   2.20  2.00  2.50   3.00  2.90  3.10

Other ratios
  × 40.1  start against Node (goal ≤ 50): 1000 ms; 25 ms

Absolute
  against  clients  ours/s  p50 ms  p99 ms  cpu ms  theirs/s  p50 ms  p99 ms  cpu ms
  floor         32    1927    16.4    30.0   0.900      4780    6.60    12.0   0.300

Machine
  2 cores (Some), Node v24.0.0; a flush of 4 KiB takes 0.161 ms; load before: 1.3

Work
  floor: 7 rows (plain Node)

Not in this run
  restate: not installed
`);
});

test('report leaves out what there is nothing of', () => {
  const text = render({ ...REPORT, rows: [], missing: [] });
  expect(text).not.toContain('Other ratios');
  expect(text).not.toContain('Not in this run');
});
