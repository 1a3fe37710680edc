import { expect, test } from 'vitest';
import { toEnvelope } from './envelope.ts';
import { ExecError } from './exec-error.ts';

test('toEnvelope holds message, type, code and param, and nothing else', () => {
  const error = new ExecError('invalid_body', '/args/seconds must be >= 0', { param: '/args/seconds' });
  expect(toEnvelope(error)).toEqual({
    error: {
      message: '/args/seconds must be >= 0',
      type: 'invalid_request_error',
      code: 'invalid_body',
      param: '/args/seconds',
    },
  });
});

test('toEnvelope says null where there is no param', () => {
  expect(toEnvelope(new ExecError('scope_insufficient')).error).toMatchObject({
    type: 'permission_error',
    param: null,
  });
});

test.each([
  [7, 7],
  [0.2, 1],
  [undefined, 1],
])('toEnvelope of a 429 after %s seconds tells to wait %i and how', (retryAfterSeconds, expected) => {
  const detail = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  const { error } = toEnvelope(new ExecError('rate_limit_exceeded', 'slow down', detail));
  expect(error).toMatchObject({
    type: 'rate_limit_error',
    retry_after: expected,
    retry_strategy: { type: 'exponential', initial_delay_ms: expected * 1000, multiplier: 2 },
  });
  const { jitter = -1, max_delay_ms = 0, initial_delay_ms = 1 } = error.retry_strategy ?? {};
  expect(jitter).toBeGreaterThanOrEqual(0);
  expect(jitter).toBeLessThanOrEqual(1);
  expect(max_delay_ms).toBeGreaterThanOrEqual(initial_delay_ms);
});

test('toEnvelope of a 503 carries no retry members: the header says it', () => {
  const { error } = toEnvelope(new ExecError('unavailable', 'draining', { retryAfterSeconds: 3 }));
  expect(Object.keys(error)).toEqual(['message', 'type', 'code', 'param']);
});

test('toEnvelope keeps the cause to itself', () => {
  const cause = new Error('SELECT secret FROM api_key');
  const text = JSON.stringify(toEnvelope(new ExecError('unavailable', undefined, { cause })));
  expect(text).not.toContain('SELECT');
});

test('toEnvelope of a code without a status is a server error, never a claim about the caller', () => {
  expect(toEnvelope(new ExecError('agent_lost')).error.type).toBe('server_error');
});
