import { expect, test } from 'vitest';
import { diffArgs } from './args-diff.ts';

test('diffArgs tells what was added, removed and changed, member by member', () => {
  const before = { same: 1, gone: [1, 2], deep: { a: 'x', b: null }, list: [1] };
  const after = { same: 1, deep: { a: 'y', b: null }, list: [1, 2], new: {} };
  expect(diffArgs(before, after)).toEqual([
    { pointer: '/deep/a', before: '"x"', after: '"y"' },
    { pointer: '/gone', before: '[1,2]', after: null },
    { pointer: '/list', before: '[1]', after: '[1,2]' },
    { pointer: '/new', before: null, after: '{}' },
  ]);
});

test('diffArgs finds nothing in equal arguments, whatever their order', () => {
  expect(diffArgs({ a: { x: 1, y: 2 }, b: 2 }, { b: 2, a: { y: 2, x: 1 } })).toEqual([]);
});

test('diffArgs tells a member that became an object', () => {
  expect(diffArgs({ a: 1 }, { a: { b: 1 } })).toEqual([{ pointer: '/a', before: '1', after: '{"b":1}' }]);
});
