import type { JournalVerification } from '@xem/protocol';
import { chainStart, followChain, type ChainPosition } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { assertMayRead } from './reader.ts';

const PAGE = 256;

type Head = JournalVerification['head'];

/** Where a chain stops short: an entry that is missing, or a last one that is not the head the store remembers. */
function shortfall({ head: last, firstBadSeq }: ChainPosition, head: Head): number | null {
  if (firstBadSeq !== null) return firstBadSeq;
  if (last.seq < head.seq) return last.seq + 1;
  return last.hash === head.hash ? null : head.seq;
}

/**
 * Walks the hash chain of the project from its first entry to its head, and names the first entry that is missing, or
 * cannot be read, or does not follow from those before it. @throws ExecError scope_insufficient
 */
export async function verify(ctx: VerbContext): Promise<JournalVerification> {
  assertMayRead(ctx);
  const { journal } = ctx.store.read;
  const head = await journal.head(ctx.projectId);
  let at = chainStart(ctx.projectId);
  for (let left = head.seq; left > 0 && at.firstBadSeq === null; left = head.seq - at.head.seq) {
    const entries = await journal.links(ctx.projectId, at.head.seq, Math.min(PAGE, left));
    if (entries.length === 0) break;
    at = followChain(at, entries);
    // Hashing keeps the processor: whoever waits for the router gets a turn between pages.
    await ctx.clock.sleep(0);
  }
  const firstBadSeq = shortfall(at, head);
  return {
    object: 'journal_verification',
    ok: firstBadSeq === null,
    entries: at.entries,
    head,
    first_bad_seq: firstBadSeq,
    checkpoint_seq: null,
  };
}
