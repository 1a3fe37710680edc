import type { Clock } from '@xem/runtime';

const FIRST_MS = 500;
const LONGEST_MS = 300_000;

interface Retry {
  waitMs: number;
  at: number;
}

/** What could not be done, and when it is tried again: each time after twice as long, five minutes at most. */
export interface Retries<Key> {
  /** How many keys failed last time. */
  readonly size: number;
  /** Whether a key did not fail, or has waited long enough since. */
  isDue(key: Key): boolean;
  failed(key: Key): void;
  done(key: Key): void;
}

/** Nothing has failed yet. */
export function createRetries<Key>(clock: Clock): Retries<Key> {
  const retries = new Map<Key, Retry>();
  return {
    get size() {
      return retries.size;
    },
    isDue: (key) => (retries.get(key)?.at ?? 0) <= clock.monotonic(),
    failed: (key) => {
      const before = retries.get(key)?.waitMs ?? FIRST_MS / 2;
      const waitMs = Math.min(before * 2, LONGEST_MS);
      retries.set(key, { waitMs, at: clock.monotonic() + waitMs });
    },
    done: (key) => void retries.delete(key),
  };
}
