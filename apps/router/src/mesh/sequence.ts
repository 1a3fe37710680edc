/** Runs work that belongs to one key in the order it came, and different keys side by side. */
export interface Sequence<Key> {
  run(key: Key, work: () => Promise<void>): void;
  /** Resolves when everything that was begun has ended. */
  drained(): Promise<void>;
}

/** A sequence whose failing work is told to `onError` and holds up nothing behind it. */
export function createSequence<Key>(onError: (error: unknown) => void): Sequence<Key> {
  const tails = new Map<Key, Promise<void>>();
  return {
    run: (key, work) => {
      const before = tails.get(key);
      const next = (before ? before.then(work) : work()).catch(onError).finally(() => {
        if (tails.get(key) === next) tails.delete(key);
      });
      tails.set(key, next);
    },
    drained: async () => {
      await Promise.all(tails.values());
    },
  };
}
