import type { Cancel, Clock } from '../clock.ts';

/** A clock that stands still until a test moves it. */
export interface VirtualClock extends Clock {
  /** Moves time forward and runs, in order, every timer that falls due on the way. */
  advance(ms: number): Promise<void>;
  /** Moves time forward while nothing runs, as for a process that was stopped. */
  skip(ms: number): void;
}

interface Timer {
  due: number;
  readonly everyMs: number | null;
  readonly call: () => void;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const START = Date.UTC(2026, 0, 1);

/**
 * A virtual clock that begins at `start`, by default 2026-01-01T00:00:00Z. Time goes on when the loop has turned and
 * `idle` has resolved: what the machine does in threads of its own takes no time then.
 */
export function virtualClock(start = START, idle?: () => Promise<void>): VirtualClock {
  const settle = async (): Promise<void> => {
    await turn();
    await idle?.();
  };
  const timers = new Set<Timer>();
  let now = start;
  const add = (ms: number, everyMs: number | null, call: () => void): Cancel => {
    const timer = { due: now + ms, everyMs, call };
    timers.add(timer);
    return () => timers.delete(timer);
  };
  const fire = (timer: Timer): void => {
    now = Math.max(now, timer.due);
    if (timer.everyMs === null) timers.delete(timer);
    else timer.due += timer.everyMs;
    timer.call();
  };
  const nextDue = (limit: number): Timer | undefined =>
    [...timers].filter(({ due }) => due <= limit).toSorted((a, b) => a.due - b.due)[0];
  return {
    now: () => now,
    monotonic: () => now - start,
    sleep: (ms, signal) =>
      // No time needs to pass: the loop turns once, as it does on the clock of the machine.
      ms <= 0
        ? turn()
        : new Promise((resolve, reject) => {
            const cancel = add(ms, null, resolve);
            signal?.addEventListener('abort', () => (cancel(), reject(signal.reason)), { once: true });
          }),
    after: (ms, call) => add(ms, null, call),
    every: (ms, call) => add(ms, ms, call),
    skip: (ms) => {
      now += ms;
    },
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      for (let timer = nextDue(end); timer; timer = nextDue(end)) {
        fire(timer);
        await settle();
      }
      now = end;
    },
  };
}
