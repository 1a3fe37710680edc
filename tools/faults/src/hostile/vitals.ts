import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { World } from '../scenario/world.ts';

/** How a router fared while something was done to it. */
export interface Vitals {
  readonly residentMiB: number;
  /** How much more it had at its worst than before. */
  readonly grownMiB: number;
  /** Round trips of a request that does nothing, in milliseconds: half, and all but one in twenty, were faster. */
  readonly medianMs: number;
  readonly slowMs: number;
}

const WATCHER = fileURLToPath(new URL('watcher.ts', import.meta.url));

const Seen = z.object({ before: z.number(), peak: z.number(), trips: z.array(z.number()).min(1) });

const rank = (sorted: readonly number[], share: number): number =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0);

/** Watches the router while `body` runs, from a process that the body does not keep busy. */
export async function watching({ mesh }: World, body: () => Promise<void>): Promise<Vitals> {
  const url = `http://127.0.0.1:${mesh.ports.http}/healthz`;
  const watcher = fork(WATCHER, [`${mesh.router().pid}`, url], { execArgv: [] });
  try {
    await once(watcher, 'message');
    await body();
    const told = once(watcher, 'message');
    watcher.send('enough');
    const { before, peak, trips } = Seen.parse((await told)[0]);
    const sorted = trips.toSorted((a, b) => a - b);
    return {
      residentMiB: Math.round(peak),
      grownMiB: Math.round(peak - before),
      medianMs: rank(sorted, 0.5),
      slowMs: rank(sorted, 0.95),
    };
  } finally {
    watcher.kill('SIGKILL');
  }
}
