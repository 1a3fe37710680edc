import { OPERATIONS } from '@xem/protocol';
import { expect, test } from 'vitest';
import { EXPOSURE } from './expose.ts';
import { FIXED_TOOLS } from './tool/table.ts';

test('EXPOSURE has a row for every operation, and a tool for every row that names one', () => {
  expect(Object.keys(EXPOSURE).toSorted()).toEqual(OPERATIONS.map(({ id }) => id).toSorted());
  const named = Object.entries(EXPOSURE).flatMap(([id, row]) => ('tool' in row ? [`${id} ${row.tool}`] : []));
  expect(named.toSorted()).toEqual(FIXED_TOOLS.map((tool) => `${tool.operation} ${tool.name}`).toSorted());
});

test('EXPOSURE has no tool for a decision', () => {
  expect(EXPOSURE['approval.approve']).toHaveProperty('absent');
  expect(EXPOSURE['approval.reject']).toHaveProperty('absent');
});
