import { readFileSync } from 'node:fs';
import { systemClock } from '@xem/runtime';

/** How a router bears what is done to it. */
export interface Vitals {
  readonly residentMiB: number;
  /** The slowest answer of `/healthz` beside all that, in milliseconds. */
  readonly slowestHealthMs: number;
}

export const residentMiB = (pid: number): number =>
  Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);

const PAUSE_MS = 100;

/** Asks for the health of a router again and again until it is stopped, and keeps the slowest. */
export function watchHealth(baseUrl: string): { stop(): Promise<number> } {
  const clock = systemClock();
  const over = new AbortController();
  let slowest = 0;
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const before = clock.monotonic();
      await (await fetch(`${baseUrl}/healthz`)).arrayBuffer();
      slowest = Math.max(slowest, clock.monotonic() - before);
      await clock.sleep(PAUSE_MS);
    }
  };
  const watching = watch();
  return {
    stop: async () => {
      over.abort();
      await watching;
      return Math.round(slowest);
    },
  };
}
