import { expect, test } from 'vitest';
import { hostedEnd, type HostedEnd } from './hosted-end.ts';
import type { Cause } from './spool.ts';

const because = (by: Cause['by']): Cause => ({ by, reason: 'asked' });
const DONE: HostedEnd = { kind: 'exit', status: 0 };
const UNKNOWN: HostedEnd = { kind: 'unknown', why: 'who knows' };
const UNSTARTED: HostedEnd = { kind: 'unstarted', why: 'nobody there' };

test.each<[HostedEnd, Cause | null, string, number | null, string | null]>([
  [DONE, null, 'completed', 0, null],
  [{ kind: 'exit', status: 1 }, null, 'failed', 1, 'tool_exit_nonzero'],
  [DONE, because('cancel'), 'cancelled', 0, null],
  [DONE, because('limit'), 'failed', 0, 'output_limit_exceeded'],
  [UNKNOWN, null, 'lost', null, 'tool_killed'],
  [UNKNOWN, because('cancel'), 'cancelled', null, 'cancel_unconfirmed'],
  [UNKNOWN, because('timeout'), 'timeout', null, 'tool_timeout'],
  [UNKNOWN, because('limit'), 'failed', null, 'output_limit_exceeded'],
  [UNSTARTED, null, 'failed', null, 'tool_spawn_failed'],
  [UNSTARTED, because('cancel'), 'cancelled', null, null],
  [UNSTARTED, because('timeout'), 'timeout', null, 'tool_timeout'],
])('hostedEnd of %j after %j is %s', (...[hosted, cause, status, exitCode, code]) => {
  const end = hostedEnd({ hosted, cause, truncated: cause?.by === 'limit', durationMs: 5 });
  expect(end).toMatchObject({ status, exit_code: exitCode, duration_ms: 5, survivors: [] });
  expect(end.error?.code ?? null).toBe(code);
});
