import { ERROR_CATALOG, statusesOf, typeOfStatus, type ErrorCode, type ErrorRow } from '@xem/errors';
import type { EnrolledBody, Invocation } from '@xem/protocol';
import { expect } from 'vitest';
import { errorOf, type Answer } from '../mesh/api.ts';

const MEMBERS = ['message', 'type', 'code', 'param'];
const HELD_OFF: ReadonlySet<number> = new Set([429, 502, 503]);
/** What no message may hold: a stack, a path of the host, a statement. */
const INSIDE = /\n\s+at |\/(?:home|root|usr|tmp|var)\/|\bSELECT\b|SQLITE/;

/** Expects the refusal of a code, all of it: status, type, `param`, when to try again, and nothing beside. */
export function expectRefusal(answer: Answer, code: ErrorCode, param: string | null = null): void {
  const error = errorOf(answer);
  const { status, headers } = answer;
  expect({ ...error, message: '' }).toMatchObject({ code, param, type: typeOfStatus(status), message: '' });
  expect(statusesOf(code)).toContain(status);
  expect(error.message).not.toBe('');
  expect(error.message).not.toMatch(INSIDE);
  const waits = HELD_OFF.has(status) ? Number(headers.get('retry-after')) : null;
  expect(headers.has('retry-after')).toBe(waits !== null);
  if (waits !== null) expect(waits).toBeGreaterThanOrEqual(1);
  const told = status === 429 ? [...MEMBERS, 'retry_after', 'retry_strategy'] : MEMBERS;
  expect(Object.keys(error).toSorted()).toEqual(told.toSorted());
  if (status === 429)
    expect(error).toMatchObject({ retry_after: waits, retry_strategy: { type: 'exponential' } });
}

/** Expects that a call ended with a code that a program may switch on, and words for people. */
export function expectEnd({ status, error }: Invocation, code: ErrorCode): void {
  expect(error).toEqual({ code, message: expect.stringMatching(/\S/) });
  expect(['failed', 'timeout', 'cancelled', 'rejected']).toContain(status);
}

/** Expects that an agent ends with a code of the enrollment catalogue, and with what its operator can do. */
export function expectPrinted(words: string, code: ErrorCode): void {
  expect(words).toContain(`xem-agent: ${code}: `);
  expect(words).toContain(ERROR_CATALOG[code].fix);
}

/** Expects that a client of MCP is told a code. */
export function expectRefusedOverMcp(told: unknown, code: ErrorCode): void {
  const { retry, fix } = ERROR_CATALOG[code];
  const error = { code, retryable: retry === 'backoff', what_to_do: fix };
  expect(told).toMatchObject({ isError: true, structuredContent: { error } });
}

/** Expects that an application to enrol is refused with a code, and with what its operator can do. */
export function expectShutOut(answer: EnrolledBody, code: ErrorCode): void {
  const row: ErrorRow = ERROR_CATALOG[code];
  expect(row.surface).toBe('enrollment');
  expect(answer).toMatchObject({ ok: false, code, operator_action: row.fix });
  if (!answer.ok) expect(answer.message).not.toBe('');
}
