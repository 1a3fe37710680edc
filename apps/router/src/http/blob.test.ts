import { expect, test } from 'vitest';
import { rangeOf } from './blob.ts';

test.each([
  ['bytes=0-0', { from: 0, to: 1 }],
  ['bytes=2-4', { from: 2, to: 5 }],
  ['bytes=5-', { from: 5, to: 10 }],
  ['bytes=5-500', { from: 5, to: 10 }],
  ['bytes=-3', { from: 7, to: 10 }],
  ['bytes=-30', { from: 0, to: 10 }],
  ['bytes=10-', 'unsatisfiable'],
  ['bytes=10-12', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=-', null],
  ['bytes=4-2', null],
  ['bytes=0-1,3-4', null],
  ['items=0-1', null],
  ['bytes=a-b', null],
  [undefined, null],
])('rangeOf reads %s of ten bytes', (header, range) => {
  expect(rangeOf(header, 10)).toEqual(range);
});

test.each([['bytes=0-'], ['bytes=-1']])('rangeOf finds nothing for %s in an empty stream', (header) => {
  expect(rangeOf(header, 0)).toBe('unsatisfiable');
});
