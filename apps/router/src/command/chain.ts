import type { ProjectId } from '@xem/protocol';
import { chainStart, followChain, type Reader } from '@xem/store';

const PAGE = 1000;

/** The first entry of a project's journal that is missing or was changed; null when the chain holds to its head. */
export async function firstBadEntry({ journal }: Reader, projectId: ProjectId): Promise<number | null> {
  const head = await journal.head(projectId);
  let at = chainStart(projectId);
  while (at.head.seq < head.seq && at.firstBadSeq === null) {
    const links = await journal.links(projectId, at.head.seq, PAGE);
    if (links.length === 0) return at.head.seq + 1;
    at = followChain(at, links);
  }
  return at.firstBadSeq;
}
