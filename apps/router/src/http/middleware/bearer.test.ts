import { expect, test } from 'vitest';
import { bearerOf } from './bearer.ts';

test.each([['Bearer xero_k'], ['bearer xero_k'], ['Bearer  xero_k ']])('bearerOf reads %j', (header) => {
  expect(bearerOf(header)).toBe('xero_k');
});

test.each([
  [undefined],
  [''],
  ['xero_k'],
  ['Basic xero_k'],
  ['Bearer'],
  ['Bearer a b'],
  [`Bearer ${'x'.repeat(257)}`],
])('bearerOf refuses %j', (header) => {
  expect(() => bearerOf(header)).toThrow(
    expect.objectContaining({ code: 'authentication_required', status: 401 }),
  );
});
