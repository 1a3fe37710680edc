import { entryHash, genesisHash, type JournalEntry, type ProjectId } from '@xem/protocol';

/** How far a chain was followed: the last good link, and the first that was not, if one was met. */
export interface ChainPosition {
  readonly projectId: ProjectId;
  /** Links that were found good. */
  readonly entries: number;
  readonly head: { readonly seq: number; readonly hash: string };
  readonly firstBadSeq: number | null;
}

/** The place before the first entry of a project. */
export const chainStart = (projectId: ProjectId): ChainPosition => ({
  projectId,
  entries: 0,
  head: { seq: 0, hash: genesisHash(projectId) },
  firstBadSeq: null,
});

/** Null for what has no RFC 8785 form, such as half a surrogate pair: nothing that was written has none. */
function hashOrNull(sealed: Parameters<typeof entryHash>[0]): string | null {
  try {
    return entryHash(sealed);
  } catch {
    return null;
  }
}

function isNextLink({ projectId, head }: ChainPosition, entry: JournalEntry): boolean {
  const { hash, ...sealed } = entry;
  if (entry.project_id !== projectId || entry.seq !== head.seq + 1) return false;
  return entry.prev_hash === head.hash && hashOrNull(sealed) === hash;
}

/** The place after an entry that is known to be good. */
export const chainAfter = (projectId: ProjectId, head: ChainPosition['head']): ChainPosition => ({
  projectId,
  entries: 0,
  head,
  firstBadSeq: null,
});

/**
 * Follows a chain through its next entries, oldest first: their numbers have no gap, each names the hash of the one
 * before, and its own hash is right. Stays at the first bad link. A tail that was cut off cannot be seen here.
 */
export function followChain(from: ChainPosition, entries: readonly JournalEntry[]): ChainPosition {
  let at = from;
  for (const entry of entries) {
    if (at.firstBadSeq !== null) return at;
    const next = { entries: at.entries + 1, head: { seq: entry.seq, hash: entry.hash } };
    at = isNextLink(at, entry) ? { ...at, ...next } : { ...at, firstBadSeq: at.head.seq + 1 };
  }
  return at;
}
