import type { ProjectId } from '@xem/protocol';
import { chainAfter, chainStart, followChain, type Reader } from '@xem/store';

const PAGE = 1000;

/**
 * The first entry of a project's journal that is missing or was changed; null when the chain holds to its head, from
 * its beginning or from where retention has cut it off.
 */
export async function firstBadEntry({ journal }: Reader, projectId: ProjectId): Promise<number | null> {
  const head = await journal.head(projectId);
  const checkpoint = await journal.checkpoint(projectId);
  let at = checkpoint ? chainAfter(projectId, checkpoint) : chainStart(projectId);
  while (at.head.seq < head.seq && at.firstBadSeq === null) {
    const links = await journal.links(projectId, at.head.seq, PAGE);
    if (links.length === 0) return at.head.seq + 1;
    at = followChain(at, links);
  }
  return at.firstBadSeq;
}
