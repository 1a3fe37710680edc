import { expect, test } from 'vitest';
import { readTraceparent, spanIdOf, traceparentAt, writeTraceparent } from './trace-context.ts';

const GIVEN = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const UUID = '0190163d-8694-739b-aea5-966c26f8ad90';

test('readTraceparent reads what writeTraceparent writes', () => {
  const context = readTraceparent(GIVEN);
  expect(context).toEqual({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    isSampled: true,
  });
  expect(context && writeTraceparent(context)).toBe(GIVEN);
});

test.each([null, '', 'nothing', '00-0-0-00', GIVEN.toUpperCase()])('readTraceparent takes no %j', (text) => {
  expect(readTraceparent(text)).toBeNull();
});

test('traceparentAt keeps the trace and its flags, at a span that follows from the id', () => {
  expect(spanIdOf(UUID)).toBe('aea5966c26f8ad90');
  expect(traceparentAt(GIVEN.replace(/01$/, '00'), UUID)).toBe(
    '00-4bf92f3577b34da6a3ce929d0e0e4736-aea5966c26f8ad90-00',
  );
  expect(traceparentAt(null, UUID)).toBeNull();
});
