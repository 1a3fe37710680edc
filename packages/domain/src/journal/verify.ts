import type { JournalVerification } from '@xem/protocol';
import { chainAfter, chainStart, followChain, type ChainPosition, type Checkpoint } from '@xem/store';
import type { VerbContext } from '../context.ts';
import type { ChainPoint } from './chains.ts';
import { assertMayRead } from './reader.ts';
import { headOfCheckpoint, isSignedBy } from './signed-head.ts';

const PAGE = 256;

/** What a walk starts from and what it must come to. */
interface Bounds {
  readonly checkpoint: Checkpoint | null;
  readonly head: ChainPoint;
  /** The last head that the router has signed. */
  readonly signed: ChainPoint | null;
}

interface Walk {
  readonly at: ChainPosition;
  /** The entry where the chain is not what was signed. */
  readonly unlikeSigned: number | null;
}

/** Where a chain stops short: an entry that is missing, or a last one that is not the head the store remembers. */
function shortfall({ head: last, firstBadSeq }: ChainPosition, { head, signed }: Bounds): number | null {
  if (firstBadSeq !== null) return firstBadSeq;
  if (last.seq < head.seq) return last.seq + 1;
  if (last.hash !== head.hash) return head.seq;
  return signed && signed.seq > last.seq ? last.seq + 1 : null;
}

const startOf = ({ projectId }: VerbContext, { checkpoint }: Bounds): ChainPosition =>
  checkpoint ? chainAfter(projectId, { seq: checkpoint.seq, hash: checkpoint.hash }) : chainStart(projectId);

/** Follows the chain page by page; whoever waits for the router gets a turn between pages. */
async function walkOnce(ctx: VerbContext, bounds: Bounds): Promise<Walk> {
  const { head, signed } = bounds;
  let at = startOf(ctx, bounds);
  let unlikeSigned: number | null = null;
  for (
    let left = head.seq - at.head.seq;
    left > 0 && at.firstBadSeq === null;
    left = head.seq - at.head.seq
  ) {
    const entries = await ctx.store.read.journal.links(ctx.projectId, at.head.seq, Math.min(PAGE, left));
    if (entries.length === 0) break;
    at = followChain(at, entries);
    const said = signed && entries.find(({ seq }) => seq === signed.seq);
    if (said && said.hash !== signed.hash) unlikeSigned = signed.seq;
    await ctx.clock.sleep(0);
  }
  return { at, unlikeSigned };
}

const earliest = (...seqs: readonly (number | null)[]): number | null => {
  const bad = seqs.filter((seq) => seq !== null);
  return bad.length === 0 ? null : Math.min(...bad);
};

/** A checkpoint that this router has not signed vouches for nothing. */
const forged = ({ identity }: VerbContext, checkpoint: Checkpoint | null): number | null =>
  checkpoint === null || isSignedBy(identity.signingKey, headOfCheckpoint(checkpoint))
    ? null
    : checkpoint.seq;

async function walk(ctx: VerbContext): Promise<JournalVerification> {
  const { projectId, chains, store } = ctx;
  const { journal } = store.read;
  const signed = chains.signed(projectId);
  const checkpoint = await journal.checkpoint(projectId);
  const bounds: Bounds = { checkpoint, signed, head: await journal.head(projectId) };
  const { at, unlikeSigned } = await walkOnce(ctx, bounds);
  const firstBadSeq = earliest(
    shortfall(at, bounds),
    unlikeSigned,
    chains.doubt(projectId),
    forged(ctx, checkpoint),
  );
  // Retention may have cut off what was about to be read: then the walk begins anew behind the cut.
  const moved = firstBadSeq === null ? null : await journal.checkpoint(projectId);
  if (moved && moved.seq > (checkpoint?.seq ?? 0)) return walk(ctx);
  return {
    object: 'journal_verification',
    ok: firstBadSeq === null,
    entries: at.entries,
    head: bounds.head,
    first_bad_seq: firstBadSeq,
    checkpoint_seq: checkpoint?.seq ?? null,
  };
}

/**
 * Walks the hash chain of the project from its first entry, or from where retention has cut it off, to its head, and
 * names the first entry that is missing, or cannot be read, or does not follow from those before it, or is not what the
 * router has signed. @throws ExecError scope_insufficient
 */
export async function verify(ctx: VerbContext): Promise<JournalVerification> {
  assertMayRead(ctx);
  return ctx.chains.share(ctx.projectId, () => walk(ctx));
}
