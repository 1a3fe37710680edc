import type { Clock, IdSource } from '@xem/runtime';

const FIRST_MS = 100;
const LAST_MS = 5000;
const EAGER_MS = 500;
const EAGER_FOR_MS = 60_000;

/** Waits between tries: from 100 ms, doubling to 5 s, each somewhere in the upper half of its step. */
export interface Backoff {
  nextMs(): number;
  reset(): void;
  /** For a minute no wait is over 500 ms: who went will be back soon, and the steps count from then on. */
  expectSoon(): void;
}

/** A backoff at its start. */
export function createBackoff({ ids, clock }: { readonly ids: IdSource; readonly clock: Clock }): Backoff {
  let stepMs = FIRST_MS;
  let eagerUntil = Number.NEGATIVE_INFINITY;
  const reset = (): void => {
    stepMs = FIRST_MS;
  };
  return {
    nextMs: () => {
      const share = ids.bytes(2).readUInt16BE() / 0x10000;
      const lastMs = clock.monotonic() < eagerUntil ? EAGER_MS : LAST_MS;
      const waitMs = Math.min(stepMs, lastMs) * (0.5 + share / 2);
      stepMs = Math.min(stepMs * 2, lastMs);
      return waitMs;
    },
    reset,
    expectSoon: () => {
      reset();
      eagerUntil = clock.monotonic() + EAGER_FOR_MS;
    },
  };
}
