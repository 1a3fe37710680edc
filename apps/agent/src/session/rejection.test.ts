import { expect, test } from 'vitest';
import { dismissalError, rejectionError } from './rejection.ts';

const STATE = '/var/lib/xem-agent';
const NEW_KEYS = `move ${STATE} away`;
const SAME_KEYS = `delete ${STATE}/identity.json`;

const dismissed = (code: string) => dismissalError({ code, message: 'so it is', welcomed: true }, STATE);

test.each([
  ['evicted', SAME_KEYS],
  ['agent_name_conflict', SAME_KEYS],
  ['credentials_revoked', NEW_KEYS],
  ['retired', NEW_KEYS],
  ['deleted', NEW_KEYS],
  ['banned', 'may never enrol again'],
])('a session that is ended with %s ends the agent, which says what can be done', (code, says) => {
  const error = dismissed(code);
  expect(error?.code).toBe(code);
  expect(error?.message).toContain(`${code}: so it is\n`);
  expect(error?.message).toContain(says);
});

test.each(['session_replaced', 'lease_lapsed', 'unavailable', 'toString'])(
  'a session that is ended with %s is opened again',
  (code) => expect(dismissed(code)).toBeNull(),
);

test('a key that is not admitted ends the agent, which says how to enrol again', () => {
  const rejection = { code: 'curve_key_rejected', message: 'not admitted' };
  const { message } = rejectionError(rejection, { stateDir: STATE, isContested: false }) ?? {};
  expect(message).toContain('replaced, evicted or banned');
  expect(message).toContain(NEW_KEYS);
});
