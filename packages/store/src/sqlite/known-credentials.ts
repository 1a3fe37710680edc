import type { AccessReader } from '../access.ts';

type Credential = NonNullable<Awaited<ReturnType<AccessReader['credential']>>>;

/** Beyond this many all are forgotten: those that are in use are soon known again. */
const KNOWN_MAX = 1000;

/**
 * Whom keys belong to, in memory: it is asked at every request, and changes hardly ever. This process alone writes to
 * the database, so it knows of every change; from the first write to the end of its commit nothing is taken from memory.
 */
export interface KnownCredentials {
  /** What is known of a hash, else what `look` reads. */
  find(valueSha256: string, look: () => Credential | null): Credential | null;
  /** A transaction changes a project, a principal or a key. */
  change(): void;
  /** The transactions that were under way have ended, one way or the other. */
  settle(): void;
}

/** Knows nothing yet. */
export function knownCredentials(): KnownCredentials {
  const known = new Map<string, Credential>();
  let isChanging = false;
  const remember = (valueSha256: string, found: Credential | null): Credential | null => {
    if (!found) return null;
    if (known.size >= KNOWN_MAX) known.clear();
    known.set(valueSha256, found);
    return found;
  };
  return {
    find: (valueSha256, look) =>
      isChanging ? look() : (known.get(valueSha256) ?? remember(valueSha256, look())),
    change: () => {
      isChanging = true;
    },
    settle: () => {
      if (isChanging) known.clear();
      isChanging = false;
    },
  };
}
