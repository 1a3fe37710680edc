import type { IdSource } from '@xem/runtime';

const FIRST_MS = 100;
const LAST_MS = 5000;

/** Waits between tries: from 100 ms, doubling to 5 s, each somewhere in the upper half of its step. */
export interface Backoff {
  nextMs(): number;
  reset(): void;
}

/** A backoff at its start. */
export function createBackoff(ids: IdSource): Backoff {
  let stepMs = FIRST_MS;
  return {
    nextMs: () => {
      const share = ids.bytes(2).readUInt16BE() / 0x10000;
      const waitMs = stepMs * (0.5 + share / 2);
      stepMs = Math.min(stepMs * 2, LAST_MS);
      return waitMs;
    },
    reset: () => {
      stepMs = FIRST_MS;
    },
  };
}
