import { setTimeout as delay } from 'node:timers/promises';

/** Ends a timer; calling it again, or after the timer fired, does nothing. */
export type Cancel = () => void;

/**
 * Time, as an argument. `now` is wall time in milliseconds since 1970 and never goes back within a process;
 * `monotonic` is milliseconds since an arbitrary start and follows no correction of the wall clock.
 */
export interface Clock {
  now(): number;
  monotonic(): number;
  /** Resolves after `ms`; rejects with the signal's reason when the signal aborts first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls once after `ms`. Such a timer keeps no process alive. */
  after(ms: number, call: () => void): Cancel;
  /** Calls every `ms` until cancelled. Such a timer keeps no process alive. */
  every(ms: number, call: () => void): Cancel;
}

/** Where wall and monotonic time come from. */
export interface TimeSource {
  readonly wall: () => number;
  readonly monotonic: () => number;
}

const MACHINE: TimeSource = { wall: () => Date.now(), monotonic: () => performance.now() };

/**
 * Wall time that goes on when the wall clock is set back. Standing still until the clock has caught up would be as bad
 * as going back: for that long nothing would expire.
 */
function onward({ wall, monotonic }: TimeSource): () => number {
  let latest = 0;
  let readAt = 0;
  return () => {
    const at = monotonic();
    latest = Math.max(wall(), latest + (at - readAt));
    readAt = at;
    return Math.floor(latest);
  };
}

/** The clock of the machine. */
export function systemClock(source: TimeSource = MACHINE): Clock {
  return {
    now: onward(source),
    monotonic: () => source.monotonic(),
    sleep: async (ms, signal) => {
      await delay(ms, undefined, signal ? { signal } : {});
    },
    after: (ms, call) => {
      const timer = setTimeout(call, ms).unref();
      return () => clearTimeout(timer);
    },
    every: (ms, call) => {
      const timer = setInterval(call, ms).unref();
      return () => clearInterval(timer);
    },
  };
}

/** RFC 3339 UTC with milliseconds, the form of every time in the API. */
export const toTimestamp = (ms: number): string => new Date(ms).toISOString();

/** The same of a time that may be missing. */
export const toTimestampOrNull = (ms: number | null): string | null => (ms === null ? null : toTimestamp(ms));
