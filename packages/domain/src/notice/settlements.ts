import { CALL_ENDS, type InvocationId, type JournalEntry } from '@xem/protocol';
import type { Store } from '@xem/store';

/** Tells who waits for an invocation that it has ended. */
export interface Settlements {
  /** Resolves true at the end of the invocation, false when the signal aborts first. Subscribe before reading the state. */
  wait(id: InvocationId, signal: AbortSignal): Promise<boolean>;
  /** Stops listening; whoever still waits is told false. */
  close(): void;
}

/** Listens to the store's commits on behalf of everybody who waits. */
export function createSettlements(store: Store): Settlements {
  const waiting = new Map<string, Set<(ended: boolean) => void>>();
  const settle = (entry: JournalEntry): void => {
    if (!CALL_ENDS.has(entry.type)) return;
    for (const resolve of waiting.get(entry.subject.id) ?? []) resolve(true);
  };
  const unsubscribe = store.onCommit((entries) => entries.forEach(settle));
  return {
    wait: (id, signal) =>
      new Promise((resolve) => {
        const waiters = waiting.get(id) ?? new Set();
        const finish = (ended: boolean): void => {
          signal.removeEventListener('abort', giveUp);
          waiters.delete(finish);
          if (waiters.size === 0) waiting.delete(id);
          resolve(ended);
        };
        const giveUp = (): void => finish(false);
        if (signal.aborted) return resolve(false);
        signal.addEventListener('abort', giveUp);
        waiting.set(id, waiters.add(finish));
      }),
    close: () => {
      unsubscribe();
      for (const waiters of waiting.values()) for (const finish of waiters) finish(false);
    },
  };
}
