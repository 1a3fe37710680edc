import { INVOCATION_TERMINAL, INVOCATION_STATUSES, type ProjectId } from '@xem/protocol';
import { chainAfter, chainStart, followChain, type Checkpoint } from '@xem/store';
import type { Services } from '../context.ts';
import { upkeep } from '../mutate.ts';
import type { ChainPoint } from './chains.ts';
import { lastBefore } from './last-before.ts';
import { signPlace } from './signed-head.ts';

type Needs = Pick<Services, 'store' | 'clock' | 'log' | 'chains' | 'identity' | 'settings'>;

/** Entries that go in one transaction: others wait for it. */
const BATCH = 500;

/** The calls of a project that have not ended: what the journal says of them stays. */
async function oldestOpen({ store }: Needs, projectId: ProjectId): Promise<number> {
  const open = INVOCATION_STATUSES.filter((status) => !INVOCATION_TERMINAL.has(status));
  const asked = await Promise.all(open.map((status) => store.read.invocations.oldest(projectId, status)));
  return Math.min(...asked.map((at) => at ?? Infinity));
}

/** How far a chain may be cut now; the newest entry always stays, since the next one follows it. */
async function cutSeq(services: Needs, projectId: ProjectId, from: number): Promise<number> {
  const { store, clock, settings } = services;
  const { journal } = store.read;
  const { seq: head } = await journal.head(projectId);
  const to = Math.min(head - 1, (await journal.slowestReader(projectId)) ?? Infinity);
  const before = Math.min(clock.now() - settings.journalRetentionMs, await oldestOpen(services, projectId));
  const last = await lastBefore(journal, projectId, { from, to: Math.max(from, to), before });
  return Math.min(last, from + BATCH);
}

/** Walks what is to go: what does not follow is evidence, and stays. */
async function walkUpTo(
  { store, log, chains }: Needs,
  { projectId, checkpoint, seq }: { projectId: ProjectId; checkpoint: Checkpoint | null; seq: number },
): Promise<ChainPoint | null> {
  const start = checkpoint ? chainAfter(projectId, checkpoint) : chainStart(projectId);
  const links = await store.read.journal.links(projectId, start.head.seq, seq - start.head.seq);
  const { head } = followChain(start, links);
  if (head.seq === seq) return head;
  const firstBadSeq = head.seq + 1;
  chains.castDoubt(projectId, firstBadSeq);
  log.error('journal.broken', { projectId, firstBadSeq });
  return null;
}

/**
 * Takes some of what is older than its retention off the beginning of a chain, and leaves a signed checkpoint, all in
 * one transaction. Entries of calls that have not ended stay, and so do those that a reader of the journal has still to
 * read; a chain in doubt is left as it is. Answers how many entries went.
 */
export async function cutJournal(services: Needs, projectId: ProjectId): Promise<number> {
  const { store, clock, chains, identity, settings } = services;
  if (settings.journalRetentionMs === 0 || chains.doubt(projectId) !== null) return 0;
  const checkpoint = await store.read.journal.checkpoint(projectId);
  const from = checkpoint?.seq ?? 0;
  const seq = await cutSeq(services, projectId, from);
  const point = seq > from ? await walkUpTo(services, { projectId, checkpoint, seq }) : null;
  if (!point) return 0;
  const place = { projectId, ...point, at: clock.now() };
  const signature = signPlace(identity, place).sig;
  return upkeep(services, (tx) => tx.journal.cut({ ...place, signature }));
}
