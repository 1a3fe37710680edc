import type { EntryData, EntryTypeOf } from '@xem/protocol';
import type { PolicyRecord } from '@xem/store';
import { isDeepStrictEqual } from 'node:util';
import type { Fact } from '../mutate.ts';
import { toMembers } from './members.ts';

type Changes = NonNullable<EntryData<'policy.updated'>['changed']>;

/** What a policy says otherwise than the one that governed before it, member by member. */
function changesOf(was: PolicyRecord, now: PolicyRecord): Changes {
  const before = new Map<string, unknown>(Object.entries(toMembers(was.name, was.rules)));
  const after = Object.entries(toMembers(now.name, now.rules));
  const changed = after.filter(([name, value]) => !isDeepStrictEqual(before.get(name), value));
  return Object.fromEntries(changed.map(([name, value]) => [name, { was: before.get(name), now: value }]));
}

/** What the journal hears of a new policy, or of a new version of one. */
export const policyFact = (
  type: EntryTypeOf<'policy'>,
  { id, name, version, workspaceId }: PolicyRecord,
  changes?: { readonly was: PolicyRecord; readonly now: PolicyRecord },
): Fact => ({
  type,
  subject: { type: 'policy', id },
  refs: workspaceId === null ? {} : { workspace_id: workspaceId },
  data: { name, version, ...(changes && { changed: changesOf(changes.was, changes.now) }) },
});
