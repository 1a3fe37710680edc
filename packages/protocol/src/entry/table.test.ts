import { expect, test } from 'vitest';
import { z } from 'zod';
import { ENTRY_TYPES, entryFault } from './table.ts';

test.each(Object.entries(ENTRY_TYPES))('every member of %s is described', (_, { data }) => {
  const members = Object.entries(z.toJSONSchema(data).properties ?? {});
  const bare = members.filter(([, member]) => typeof member === 'boolean' || !member.description);
  expect(bare.map(([name]) => name)).toEqual([]);
});

test('entryFault has nothing to say of data that is as its type has it', () => {
  expect(entryFault({ type: 'invocation.started', data: { attempt: 1 } })).toBeNull();
});

test.each([
  { what: 'a member is not there', type: 'invocation.started', data: {}, says: 'attempt' },
  {
    what: 'a member is of another type',
    type: 'invocation.started',
    data: { attempt: '1' },
    says: 'attempt',
  },
  {
    what: 'a member is not in the table',
    type: 'invocation.started',
    data: { attempt: 1, args: {} },
    says: 'args',
  },
  { what: 'nobody declared the type', type: 'weather.changed', data: {}, says: 'weather.changed' },
])('entryFault tells that $what', ({ says, ...entry }) => {
  expect(entryFault(entry)).toContain(says);
});
