import type { Clock } from '@xem/runtime';

const STALL_MS = 2000;

/** Notices that a loop was kept from its rounds: the process was stopped, or had no time. */
export interface StallWatch {
  /** Asked once a round: whether it is over two seconds since the last. */
  hasStalled(): boolean;
}

/** A watch that begins now. */
export function createStallWatch(clock: Clock): StallWatch {
  let lastRoundAt = clock.monotonic();
  return {
    hasStalled: () => {
      const before = lastRoundAt;
      lastRoundAt = clock.monotonic();
      return lastRoundAt - before > STALL_MS;
    },
  };
}
