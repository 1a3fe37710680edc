import type { Clock } from '@xem/runtime';
import { z } from 'zod';
import { quantile } from '../statistic.ts';

/** How a contestant did under some number of clients at once. */
export const Sample = z.object({
  clients: z.int(),
  calls: z.int(),
  callsPerSecond: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
});
export type Sample = z.infer<typeof Sample>;

interface Loop {
  readonly clock: Clock;
  readonly clients: number;
  /** Makes one call to its end. */
  readonly call: () => Promise<void>;
  /** Asked before each call with how many were begun and how long it has gone on, in milliseconds. */
  readonly goesOn: (begun: number, elapsedMs: number) => boolean;
}

/** Has a number of clients call, each one call at a time, the next as soon as the last has ended. */
export async function closedLoop({ clock, clients, call, goesOn }: Loop): Promise<Sample> {
  const times: number[] = [];
  const startedAt = clock.monotonic();
  let begun = 0;
  const client = async (): Promise<void> => {
    let at = clock.monotonic();
    while (goesOn(begun, at - startedAt)) {
      begun += 1;
      await call();
      const endedAt = clock.monotonic();
      times.push(endedAt - at);
      at = endedAt;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (clock.monotonic() - startedAt) / 1000;
  const sorted = times.toSorted((a, b) => a - b);
  return {
    clients,
    calls: times.length,
    callsPerSecond: times.length / seconds,
    p50Ms: quantile(sorted, 0.5),
    p99Ms: quantile(sorted, 0.99),
  };
}
