import { entryHash, genesisHash, type JournalEntry, type JournalVerification } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { assertMayRead } from './reader.ts';

const PAGE = 256;

/** The last link that held. */
interface Link {
  readonly seq: number;
  readonly hash: string;
}

const follows = ({ hash, ...entry }: JournalEntry, last: Link): boolean =>
  entry.seq === last.seq + 1 && entry.prev_hash === last.hash && entryHash(entry) === hash;

/** Walks some entries; answers the last link that held, and whether all did. */
function walk(entries: readonly JournalEntry[], from: Link): { readonly last: Link; readonly held: boolean } {
  let last = from;
  for (const entry of entries) {
    if (!follows(entry, last)) return { last, held: false };
    last = { seq: entry.seq, hash: entry.hash };
  }
  return { last, held: entries.length > 0 };
}

const verdict = (last: Link, head: Link, firstBadSeq: number | null): JournalVerification => ({
  object: 'journal_verification',
  ok: firstBadSeq === null,
  entries: last.seq,
  head,
  first_bad_seq: firstBadSeq,
  checkpoint_seq: null,
});

/**
 * Walks the hash chain of the project from its first entry to its head, and names the first entry that is missing or
 * does not follow from those before it. @throws ExecError scope_insufficient
 */
export async function verify(ctx: VerbContext): Promise<JournalVerification> {
  assertMayRead(ctx);
  const { journal } = ctx.store.read;
  const head = await journal.head(ctx.projectId);
  let last: Link = { seq: 0, hash: genesisHash(ctx.projectId) };
  while (last.seq < head.seq) {
    const limit = Math.min(PAGE, head.seq - last.seq);
    const walked = walk(await journal.after(ctx.projectId, last.seq, limit), last);
    last = walked.last;
    if (!walked.held) return verdict(last, head, last.seq + 1);
  }
  return verdict(last, head, last.hash === head.hash ? null : head.seq);
}
