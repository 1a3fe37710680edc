import { ExecutionId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { createAccepts } from './accepts.ts';

const SESSION = { name: 'one' };
const ATTEMPT = { execution_id: ExecutionId.parse('00000000-0000-7000-8000-000000000001'), attempt: 1 };

test('accepts.stands is true at the end of the turn, and for the next accept again', async () => {
  const accepts = createAccepts();
  expect(await accepts.stands(SESSION, ATTEMPT)).toBe(true);
  expect(await accepts.stands(SESSION, ATTEMPT)).toBe(true);
});

test('accepts.stands is false when the result of its attempt comes in the same turn', async () => {
  const accepts = createAccepts();
  const stands = accepts.stands(SESSION, ATTEMPT);
  accepts.overtake(SESSION, ATTEMPT);
  expect(await stands).toBe(false);
});

test.each([
  ['another session', { name: 'two' }, ATTEMPT],
  ['another attempt', SESSION, { ...ATTEMPT, attempt: 2 }],
])('accepts.stands is true whatever comes of %s', async (_whose, session, attempt) => {
  const accepts = createAccepts();
  const stands = accepts.stands(SESSION, ATTEMPT);
  accepts.overtake(session, attempt);
  expect(await stands).toBe(true);
});

test('accepts.stands is true once of an accept that comes twice in a turn', async () => {
  const accepts = createAccepts();
  const both = [accepts.stands(SESSION, ATTEMPT), accepts.stands(SESSION, ATTEMPT)];
  expect(await Promise.all(both)).toEqual([false, true]);
});
