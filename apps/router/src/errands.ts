import type { Log } from '@xem/runtime';

/** Work that a commit or a frame sets off and that nobody waits for. */
export interface Errands {
  /** Begins work under a name. What fails is logged as `errand.failed` and holds up nothing. */
  run(errand: string, work: () => Promise<void>): void;
  /** Resolves when everything that was begun has ended. */
  drained(): Promise<void>;
}

/** No errands yet. */
export function createErrands(log: Log): Errands {
  const pending = new Set<Promise<void>>();
  return {
    run: (errand, work) => {
      const ended = work()
        .catch((err: unknown) => log.error('errand.failed', { errand, err }))
        .finally(() => pending.delete(ended));
      pending.add(ended);
    },
    drained: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
