import { ExecError } from '@xem/errors';
import { isEntryType, listJournal, type JournalEntry, type Page, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { readPage } from '../page.ts';
import { assertMayRead } from './reader.ts';

/** The types of a comma-separated list. @throws ExecError invalid_body for a word that is none */
function typesOf(words: string | undefined): readonly string[] | undefined {
  const types = words?.split(',').map((word) => word.trim());
  const unknown = types?.find((type) => !isEntryType(type));
  if (unknown === undefined) return types;
  throw new ExecError('invalid_body', `types: ${unknown.slice(0, 64)} is no type of journal entry`, {
    param: 'types',
  });
}

/** Lists journal entries, newest first. @throws ExecError scope_insufficient, invalid_body */
export async function list(
  ctx: VerbContext,
  query: ParsedInputOf<typeof listJournal>,
): Promise<Page<JournalEntry>> {
  assertMayRead(ctx);
  const { limit, after, ...filter } = query;
  const { projectId, store } = ctx;
  const conditions = { types: typesOf(filter.types), invocationId: filter.invocation_id };
  return readPage(
    { projectId, route: listJournal.id, filter },
    { limit, after },
    {
      rows: (slice) =>
        store.read.journal.list(projectId, conditions, {
          limit: slice.limit,
          beforeSeq: slice.after?.createdAt,
        }),
      // The number in the chain is the order of the list.
      position: ({ seq, id }) => ({ createdAt: seq, id }),
      present: (entry) => entry,
    },
  );
}
