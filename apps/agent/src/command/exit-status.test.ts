import { expect, test } from 'vitest';
import type { RunEnd } from '../run/run.ts';
import { exitStatusOf } from './exit-status.ts';

const END: RunEnd = {
  status: 'completed',
  ended_by: 'exit',
  exit_code: 0,
  signal: null,
  duration_ms: 1,
  error: null,
  survivors: [],
};
const spawnFailed = { code: 'tool_spawn_failed', message: 'no' };

test.each<[string, Partial<RunEnd>, number]>([
  ['ended well', {}, 0],
  ['ended with a status', { status: 'failed', exit_code: 9 }, 9],
  ['was ended by a signal', { status: 'failed', exit_code: 137, signal: 'SIGKILL' }, 137],
  ['could not be started', { status: 'failed', exit_code: null, error: spawnFailed }, 127],
  ['took too long', { status: 'timeout', ended_by: 'timeout', exit_code: 143 }, 124],
  ['wrote too much', { status: 'failed', ended_by: 'limit', exit_code: 143 }, 125],
  ['left no status', { status: 'lost', ended_by: 'unknown', exit_code: null }, 125],
  ['was interrupted', { status: 'cancelled', ended_by: 'cancel', exit_code: 143 }, 130],
])('exitStatusOf a tool that %s', (_what, end, expected) => {
  expect(exitStatusOf({ ...END, ...end })).toBe(expected);
});
