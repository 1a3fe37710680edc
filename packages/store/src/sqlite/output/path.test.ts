import type { ExecutionId, ProjectId } from '@xem/protocol';
import { expect, test } from 'vitest';
import { streamPlace } from './path.ts';

const GOOD = {
  projectId: 'prj_000000000000000000000001',
  executionId: '00000000-0000-7000-8000-000000000001',
  stream: 'stdout',
};

/** Says that words are ids without a look at them, as a careless caller would. */
const isPlace = (
  _place: object,
): _place is { projectId: ProjectId; executionId: ExecutionId; stream: 'stdout' } => true;

const fileOf = (place: object): string =>
  isPlace(place) ? streamPlace('/data', place.projectId, place).path() : '';

test('streamPlace names a file by project, execution and stream', () => {
  expect(fileOf(GOOD)).toBe(`/data/outputs/${GOOD.projectId}/${GOOD.executionId}.stdout`);
});

test.each([
  ['a project that climbs', { projectId: '../../etc' }],
  ['a project with a good beginning', { projectId: `${GOOD.projectId}/../..` }],
  ['an execution that climbs', { executionId: '../x' }],
  ['an execution with a NUL', { executionId: `${GOOD.executionId}\u0000` }],
  ['an execution with a line feed at its end', { executionId: `${GOOD.executionId}\n` }],
  ['another stream', { stream: '../stdout' }],
])('streamPlace makes no path of %s', (_, bad) => {
  expect(() => fileOf({ ...GOOD, ...bad })).toThrow(/Invalid|must be/);
});
