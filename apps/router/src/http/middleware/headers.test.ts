import { expect, test } from 'vitest';
import { idempotencyKeyOf, surfaceOf, traceparentOf, waitSecondsOf } from './headers.ts';

test.each([
  ['wait=5', 5],
  ['respond-async, wait=10', 10],
  ['wait = "7"; foo', 7],
  ['WAIT=3', 3],
  ['wait=0', 0],
  ['wait=600', 60],
  ['wait=99999999', 60],
  ['wait=-1', null],
  ['wait=1.5', null],
  ['await=5', null],
  ['wait=', null],
  [undefined, null],
])('waitSecondsOf reads %s', (header, seconds) => {
  expect(waitSecondsOf(header)).toBe(seconds);
});

test.each([
  ['cli', 'cli'],
  ['mcp', 'mcp'],
  ['console', 'console'],
  ['chat', 'rest'],
  ['rerun', 'rest'],
  ['CLI', 'rest'],
  [undefined, 'rest'],
])('surfaceOf takes %s for %s', (header, surface) => {
  expect(surfaceOf(header)).toBe(surface);
});

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

test.each([
  [`00-${TRACE}-00f067aa0ba902b7-01`, true],
  [`ff-${TRACE}-00f067aa0ba902b7-01`, false],
  [`00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, false],
  [`00-${TRACE}-${'0'.repeat(16)}-01`, false],
  [`00-${TRACE.toUpperCase()}-00f067aa0ba902b7-01`, false],
  ['nonsense', false],
])('traceparentOf judges %s', (header, taken) => {
  expect(traceparentOf(header)).toBe(taken ? header : null);
});

test.each([[''], ['x'.repeat(256)], ['line\nbreak'], ['ümlaut']])('idempotencyKeyOf refuses %j', (header) => {
  expect(() => idempotencyKeyOf(header)).toThrow(
    expect.objectContaining({ code: 'invalid_body', param: 'Idempotency-Key' }),
  );
});

test('idempotencyKeyOf takes 1 to 255 printable characters, or none at all', () => {
  expect(idempotencyKeyOf('a b~')).toBe('a b~');
  expect(idempotencyKeyOf('x'.repeat(255))).toHaveLength(255);
  expect(idempotencyKeyOf(undefined)).toBeNull();
});
