import { expect, test } from 'vitest';
import { outcomeOf, type RunFacts } from './outcome.ts';

const FACTS: RunFacts = {
  status: 0,
  leaderSignal: null,
  cause: null,
  truncated: false,
  survivors: [],
  durationMs: 12.4,
};

const cancelled = { by: 'cancel', reason: 'asked' } as const;
const outOfTime = { by: 'timeout', reason: 'time limit' } as const;
const tooLong = { by: 'limit', reason: 'output limit' } as const;

const row = (status: string, endedBy: string, rest: [number | null, string | null, string | null]) => ({
  status,
  ended_by: endedBy,
  exit_code: rest[0],
  signal: rest[1],
  code: rest[2],
});

test.each<[string, Partial<RunFacts>, ReturnType<typeof row>]>([
  ['status 0', {}, row('completed', 'exit', [0, null, null])],
  ['status 1', { status: 1 }, row('failed', 'exit', [1, null, 'tool_exit_nonzero'])],
  ['status 255', { status: 255 }, row('failed', 'exit', [255, null, 'tool_exit_nonzero'])],
  ['128 and no signal', { status: 128 }, row('failed', 'exit', [128, null, 'tool_exit_nonzero'])],
  ['128 and a signal', { status: 134 }, row('failed', 'exit', [134, 'SIGABRT', 'tool_exit_nonzero'])],
  ['no status', { status: null }, row('lost', 'unknown', [null, null, 'tool_killed'])],
  [
    'no status, and a leader killed from outside',
    { status: null, leaderSignal: 'SIGKILL' },
    row('lost', 'unknown', [null, 'SIGKILL', 'tool_killed']),
  ],
  [
    'too much output before the end',
    { truncated: true },
    row('failed', 'limit', [0, null, 'output_limit_exceeded']),
  ],
  [
    'too much output',
    { cause: tooLong, status: 143, truncated: true },
    row('failed', 'limit', [143, 'SIGTERM', 'output_limit_exceeded']),
  ],
  ['a cancel', { cause: cancelled, status: 143 }, row('cancelled', 'cancel', [143, 'SIGTERM', null])],
  ['a cancel met in good order', { cause: cancelled }, row('cancelled', 'cancel', [0, null, null])],
  [
    'a cancel that took SIGKILL',
    { cause: cancelled, status: null, leaderSignal: 'SIGKILL' },
    row('cancelled', 'cancel', [137, 'SIGKILL', null]),
  ],
  [
    'a cancel whose leader nobody saw end',
    { cause: cancelled, status: null },
    row('cancelled', 'cancel', [null, null, null]),
  ],
  [
    'a cancel that some outlived',
    { cause: cancelled, status: null, survivors: [7, 8] },
    row('cancelled', 'cancel', [null, null, 'cancel_unconfirmed']),
  ],
  [
    'the time limit',
    { cause: outOfTime, status: 143 },
    row('timeout', 'timeout', [143, 'SIGTERM', 'tool_timeout']),
  ],
])('outcomeOf judges %s', (_, facts, expected) => {
  const { error, ...end } = outcomeOf({ ...FACTS, ...facts });
  expect({ ...end, code: error?.code ?? null }).toMatchObject(expected);
  expect(end.duration_ms).toBe(12);
});

test('outcomeOf names the survivors, the first twenty of them in words', () => {
  const survivors = Array.from({ length: 1500 }, (_, index) => 1000 + index);
  const end = outcomeOf({ ...FACTS, cause: cancelled, survivors });
  expect(end.survivors).toHaveLength(1000);
  expect(end.error?.message).toMatch(/1000, 1001.*1019$/);
});
