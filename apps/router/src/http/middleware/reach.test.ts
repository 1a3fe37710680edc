import { expect, test } from 'vitest';
import { assertAddress, pinCheck } from './reach.ts';

const restricted = expect.objectContaining({ code: 'endpoint_restricted', status: 403 });
const check = pinCheck({ id: 'invocation.create' });

test.each([[null], [['invocation.create']], [['tool.list', 'invocation.*']]])(
  'a key pinned to %j passes',
  (pins) => {
    expect(() => check(pins)).not.toThrow();
  },
);

test.each([[[]], [['tool.list']], [['invocation']], [['*']]])('a key pinned to %j is restricted', (pins) => {
  expect(() => check(pins)).toThrow(restricted);
});

test.each([
  [['10.0.0.0/8'], '10.1.2.3'],
  [['192.0.2.7'], '192.0.2.7'],
  [['10.0.0.0/8'], '::ffff:10.1.2.3'],
  [['2001:db8::/32'], '2001:db8::1'],
  [null, undefined],
])('a key for %j may be used from %s', (ranges, address) => {
  expect(() => assertAddress(ranges, address)).not.toThrow();
});

test.each([
  [['10.0.0.0/8'], '11.1.2.3'],
  [['2001:db8::/32'], '10.0.0.1'],
  [[], '10.0.0.1'],
  [['10.0.0.0/8'], undefined],
  [['10.0.0.0/8'], 'not an address'],
])('a key for %j may not be used from %s', (ranges, address) => {
  expect(() => assertAddress(ranges, address)).toThrow(restricted);
});
