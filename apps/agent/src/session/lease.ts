import type { Cancel, Clock } from '@xem/runtime';

/** The router's word that this agent may work, as the agent's own monotonic clock sees it. */
export interface Lease {
  /** The router answered what was sent at `sentAt` (own monotonic time): the lease holds for `ttlMs` from there. */
  extend(sentAt: number, ttlMs: number): void;
  holds(): boolean;
  /** It ran out as long ago as it would last. */
  isLost(): boolean;
  /** Calls at once and then every `intervalMs`, whatever the tools do. */
  start(intervalMs: number, renew: () => void): void;
  stop(): void;
}

/** A lease that does not hold yet. */
export function createLease(clock: Clock): Lease {
  let until = Number.NEGATIVE_INFINITY;
  let lostAt = Number.POSITIVE_INFINITY;
  let timer: Cancel | null = null;
  const stop = (): void => {
    timer?.();
    timer = null;
  };
  return {
    extend: (sentAt, ttlMs) => {
      until = Math.max(until, Math.min(sentAt, clock.monotonic()) + ttlMs);
      lostAt = until + ttlMs;
    },
    holds: () => clock.monotonic() < until,
    isLost: () => clock.monotonic() >= lostAt,
    start: (intervalMs, renew) => {
      stop();
      timer = clock.every(intervalMs, renew);
      renew();
    },
    stop,
  };
}
