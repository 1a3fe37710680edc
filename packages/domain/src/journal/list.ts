import { ExecError } from '@xem/errors';
import { isEntryType, listJournal, type JournalEntry, type Page, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { readPage } from '../page.ts';
import { lastBefore } from './last-before.ts';
import { assertMayRead } from './reader.ts';

type Query = ParsedInputOf<typeof listJournal>;

/** The types of a comma-separated list. @throws ExecError invalid_body for a word that is none */
function typesOf(words: string | undefined): readonly string[] | undefined {
  const types = words?.split(',').map((word) => word.trim());
  const unknown = types?.find((type) => !isEntryType(type));
  if (unknown === undefined) return types;
  throw new ExecError('invalid_body', `types: ${unknown.slice(0, 64)} is no type of journal entry`, {
    param: 'types',
  });
}

interface Bounds {
  readonly afterSeq?: number;
  readonly beforeSeq?: number;
}

/** Which entries are within a span of time, by their numbers. */
async function boundsOf(
  { store, projectId }: VerbContext,
  { created_after: after, created_before: before }: Pick<Query, 'created_after' | 'created_before'>,
): Promise<Bounds> {
  if (after === undefined && before === undefined) return {};
  const { journal } = store.read;
  const from = (await journal.checkpoint(projectId))?.seq ?? 0;
  const { seq: to } = await journal.head(projectId);
  const lastAt = (ms: number): Promise<number> => lastBefore(journal, projectId, { from, to, before: ms });
  return {
    ...(after !== undefined && { afterSeq: await lastAt(Date.parse(after)) }),
    ...(before !== undefined && { beforeSeq: (await lastAt(Date.parse(before))) + 1 }),
  };
}

/** Lists journal entries, newest first. @throws ExecError scope_insufficient, invalid_body */
export async function list(ctx: VerbContext, query: Query): Promise<Page<JournalEntry>> {
  assertMayRead(ctx);
  const { limit, after, ...filter } = query;
  const { projectId, store } = ctx;
  const bounds = await boundsOf(ctx, filter);
  const conditions = { types: typesOf(filter.types), invocationId: filter.invocation_id };
  return readPage(
    { projectId, route: listJournal.id, filter },
    { limit, after },
    {
      rows: (slice) =>
        store.read.journal.list(projectId, conditions, {
          limit: slice.limit,
          beforeSeq: slice.after?.createdAt ?? bounds.beforeSeq,
          afterSeq: bounds.afterSeq,
        }),
      // The number in the chain is the order of the list.
      position: ({ seq, id }) => ({ createdAt: seq, id }),
      present: (entry) => entry,
    },
  );
}
