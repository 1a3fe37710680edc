import { OPERATIONS } from '@xem/protocol';
import { expect, test } from 'vitest';
import { BINDINGS } from './bindings.ts';

const idsOf = (operations: readonly { readonly id: string }[]): string[] =>
  operations.map(({ id }) => id).toSorted();

test('every operation of the table is bound once, and nothing else is', () => {
  expect(idsOf(BINDINGS.map(({ operation }) => operation))).toEqual(idsOf(OPERATIONS));
});
