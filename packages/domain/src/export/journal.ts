import { ExecError } from '@xem/errors';
import {
  exportJournal,
  type JournalEntry,
  type JournalExportEnd,
  type JournalExportHeader,
  type ParsedInputOf,
} from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { VerbContext } from '../context.ts';
import { headOfCheckpoint, signPlace } from '../journal/signed-head.ts';
import { begin, linesOf } from './begin.ts';

/** Entries that are in memory at once, of 8 KiB at most and a little more. */
const PAGE = 200;

type Input = ParsedInputOf<typeof exportJournal>;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The range that is asked for, within what there is. @throws ExecError invalid_body when it holds nothing */
async function rangeOf({ store, projectId }: VerbContext, input: Input): Promise<Range> {
  const { journal: chain } = store.read;
  const oldest = ((await chain.checkpoint(projectId))?.seq ?? 0) + 1;
  const newest = (await chain.head(projectId)).seq;
  const range = { from: input.from_seq ?? oldest, to: input.to_seq ?? newest };
  if (range.from < oldest)
    throw new ExecError('invalid_body', `from_seq: entries before ${oldest} are gone`, {
      param: '/from_seq',
    });
  if (range.to > newest || range.to < range.from)
    throw new ExecError('invalid_body', `to_seq: must be from ${range.from} to ${newest}`, {
      param: '/to_seq',
    });
  return range;
}

async function headerOf(ctx: VerbContext, { from, to }: Range): Promise<JournalExportHeader> {
  const { projectId, identity, clock, store } = ctx;
  const checkpoint = await store.read.journal.checkpoint(projectId);
  return {
    object: 'journal_export',
    version: 1,
    project_id: projectId,
    from_seq: from,
    to_seq: to,
    exported_at: toTimestamp(clock.now()),
    signing_key: identity.signingKey,
    checkpoint: checkpoint && headOfCheckpoint(checkpoint),
  };
}

/** The end of the file, signed unless the chain is in doubt: nobody is to take that for whole. */
function endOf(
  { chains, identity, projectId, clock }: VerbContext,
  entries: number,
  last: JournalEntry,
): JournalExportEnd {
  const { seq, hash } = last;
  const isSound = chains.doubt(projectId) === null;
  const head = isSound ? signPlace(identity, { projectId, seq, hash, at: clock.now() }) : null;
  return { object: 'journal_export_end', entries, head };
}

async function* pagesOf(ctx: VerbContext, range: Range): AsyncGenerator<readonly object[]> {
  const { from, to } = range;
  yield [await headerOf(ctx, range)];
  let last: JournalEntry | undefined;
  for (let seq = from - 1; seq < to; seq = last.seq) {
    const page = await ctx.store.read.journal.after(ctx.projectId, seq, Math.min(PAGE, to - seq));
    if (page[0]?.seq !== seq + 1)
      throw new ExecError('unavailable', `entry ${seq + 1} went during the export`);
    last = page.at(-1) ?? page[0];
    yield page;
  }
  if (last) yield [endOf(ctx, to - from + 1, last)];
}

/**
 * Exports the journal as lines of JSON that anybody can verify: a header, the entries, and an end with a signed head.
 * The journal hears of it first, so that an export up to the newest entry holds its own. @throws ExecError
 * scope_insufficient, invalid_body
 */
export async function journal(ctx: VerbContext, input: Input): Promise<AsyncIterable<Uint8Array>> {
  const { format: _format, ...asked } = input;
  await begin(ctx, exportJournal, { what: 'journal', ...asked });
  return linesOf(ctx, pagesOf(ctx, await rangeOf(ctx, input)));
}
