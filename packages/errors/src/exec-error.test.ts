import { expect, test } from 'vitest';
import { ExecError } from './exec-error.ts';

test.each([
  ['target', 400],
  ['catalogue', 404],
] as const)('ExecError of a code with two statuses answers as the %s does', (place, status) => {
  expect(new ExecError('exec_tool_not_found', undefined, { place }).status).toBe(status);
});

test('ExecError without a message says what its row says', () => {
  expect(new ExecError('invocation_terminal').message).toBe('The invocation has ended.');
});

test('ExecError of a code that no HTTP answer carries has no status', () => {
  expect(new ExecError('join_key_expired').status).toBeNull();
});

test('ExecError keeps its cause for the log', () => {
  const cause = new Error('disk full');
  expect(new ExecError('unavailable', 'not now', { cause }).cause).toBe(cause);
});
