import type { PrincipalRef } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { refOf } from '../principal/record.ts';

/** As many as a page offers. */
const REVIEWERS_MAX = 200;

/** The people whom the caller may name as the reviewer of a link, newest first. */
export async function reviewersOf({
  store,
  projectId,
  caller,
}: VerbContext): Promise<readonly PrincipalRef[]> {
  const rows = await store.read.access.principals(projectId, {}, { limit: REVIEWERS_MAX });
  return rows
    .filter(({ kind, disabled, id }) => kind === 'human' && !disabled && id !== caller.principal.id)
    .map(refOf);
}
