import type { ProjectId } from '@xem/protocol';
import type { JournalReader } from '@xem/store';
import type { ChainPoint } from './chains.ts';

/** Whether a chain still has the entry that was signed; one that retention took away is not missed. */
async function fits(
  journal: JournalReader,
  projectId: ProjectId,
  { seq, hash }: ChainPoint,
): Promise<boolean> {
  const checkpoint = await journal.checkpoint(projectId);
  if (checkpoint && seq <= checkpoint.seq) return seq < checkpoint.seq || checkpoint.hash === hash;
  const [entry] = await journal.links(projectId, seq - 1, 1);
  return entry?.seq === seq && entry.hash === hash;
}

/**
 * Compares a chain with the heads that were signed of it, oldest first. Null when the last of them fits: it stands for
 * those before it. Else the first entry that is missing or that is not the one that was signed.
 */
export async function checkHeads(
  journal: JournalReader,
  projectId: ProjectId,
  heads: readonly ChainPoint[],
): Promise<number | null> {
  const last = heads.at(-1);
  if (!last || (await fits(journal, projectId, last))) return null;
  const end = await journal.head(projectId);
  for (const head of heads) {
    if (head.seq > end.seq) return end.seq + 1;
    if (!(await fits(journal, projectId, head))) return head.seq;
  }
  return last.seq;
}
