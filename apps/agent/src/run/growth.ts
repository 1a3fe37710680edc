/** Tells readers of a stream that there may be more of it, and when there will be no more. */
export interface Growth {
  /** True once nothing writes any more; what is there then is all there will be. */
  readonly ended: boolean;
  /** Resolves at the next `notify` or `end`. Ask before you look, else a change between the two is missed. */
  next(): Promise<void>;
  notify(): void;
  end(): void;
}

/** The growth of a stream that is being written. */
export function createGrowth(): Growth {
  let waiting: PromiseWithResolvers<void> | null = null;
  let ended = false;
  const notify = (): void => {
    const woken = waiting;
    waiting = null;
    woken?.resolve();
  };
  return {
    get ended() {
      return ended;
    },
    next: () => (waiting ??= Promise.withResolvers<void>()).promise,
    notify,
    end: () => {
      ended = true;
      notify();
    },
  };
}

/** Waits for `grown`; rejects with the signal's reason once it aborts. */
export async function untilGrown(grown: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (!signal) return grown;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([grown, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
