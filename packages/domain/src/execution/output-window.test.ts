import { CREDIT_WINDOW_BYTES, ExecutionId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { createOutputWindow } from './output-window.ts';

const executionId = ExecutionId.parse('01890a5d-ac96-774b-bcce-b302099a8057');
const other = ExecutionId.parse('01890a5d-ac96-774b-bcce-b302099a8058');
const piece = (bytes: number, more = {}) => ({ session: 'one', executionId, bytes, ...more });

test('outputWindow.take admits a whole window and not a byte more', () => {
  const window = createOutputWindow();
  expect(window.take(piece(CREDIT_WINDOW_BYTES - 1))).toBe(true);
  expect(window.take(piece(2))).toBe(false);
  expect(window.take(piece(1))).toBe(true);
  expect(window.take(piece(1))).toBe(false);
});

test('outputWindow.release makes room for as much as was stored', () => {
  const window = createOutputWindow();
  window.take(piece(CREDIT_WINDOW_BYTES));
  window.release(piece(10));
  expect(window.take(piece(11))).toBe(false);
  expect(window.take(piece(10))).toBe(true);
});

test.each([
  ['attempt', { executionId: other }],
  ['session', { session: 'two' }],
])('outputWindow.take gives every %s a window of its own', (_what, own) => {
  const window = createOutputWindow();
  window.take(piece(CREDIT_WINDOW_BYTES));
  expect(window.take(piece(1, own))).toBe(true);
});
