import { CREDIT_WINDOW_BYTES } from '@xem/protocol';

/** The bytes an attempt may still send in this session, both streams together. */
export interface Credit {
  /** Resolves with between 1 and `wanted` bytes as soon as there are any. Rejects once the signal aborts. */
  take(wanted: number): Promise<number>;
  add(bytes: number): void;
}

/** A fresh window. */
export function createCredit(signal: AbortSignal): Credit {
  let left = CREDIT_WINDOW_BYTES;
  let grown: PromiseWithResolvers<void> | null = null;
  signal.addEventListener('abort', () => grown?.reject(signal.reason), { once: true });
  return {
    take: async (wanted) => {
      for (;;) {
        signal.throwIfAborted();
        const taken = Math.min(left, wanted);
        left -= taken;
        if (taken > 0) return taken;
        grown ??= Promise.withResolvers<void>();
        await grown.promise;
      }
    },
    add: (bytes) => {
      left += bytes;
      grown?.resolve();
      grown = null;
    },
  };
}
