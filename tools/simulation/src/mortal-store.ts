import type { Store } from '@xem/store';
import type { SimulatedProcess } from './process.ts';

/** When a router dies by itself: so many transactions from now, before or after the commit of the last. */
export interface CrashPoint {
  transactions: number;
  readonly side: 'before' | 'after';
}

/** The store as one router sees it, and the point it dies at. */
export interface MortalStore extends Store {
  crashAt(point: CrashPoint): void;
}

/**
 * A store that outlives the router that uses it. What a dead router asked for is never answered, and may or may not
 * have been committed, as with any database.
 */
export function mortalStore(store: Store, process: SimulatedProcess, die: () => void): MortalStore {
  let point: CrashPoint | null = null;
  const isDue = (side: CrashPoint['side']): boolean => point?.side === side && point.transactions <= 0;
  const never = new Promise<never>(() => undefined);
  return {
    read: store.read,
    outputs: {
      append: (piece) => process.guard(store.outputs.append(piece)),
      stored: (id) => process.guard(store.outputs.stored(id)),
      seal: (projectId, id) => process.guard(store.outputs.seal(projectId, id)),
      read: (range) => store.outputs.read(range),
      expired: (now, slice) => process.guard(store.outputs.expired(now, slice)),
      remove: (projectId, id) => process.guard(store.outputs.remove(projectId, id)),
    },
    transact: async (body) => {
      if (!process.isAlive()) return never;
      if (point) point.transactions -= 1;
      if (isDue('before')) {
        die();
        return never;
      }
      return process.guard(store.transact(body));
    },
    onCommit: (listener) =>
      store.onCommit((entries) => {
        if (isDue('after') && process.isAlive()) die();
        if (process.isAlive()) listener(entries);
      }),
    close: async () => undefined,
    crashAt: (wanted) => {
      point = wanted;
    },
  };
}
