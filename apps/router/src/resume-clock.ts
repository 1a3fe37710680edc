import type { Clock } from '@xem/runtime';
import type { Store } from '@xem/store';
import type { Ambient } from './services.ts';

/** When the newest entry of any project was written; 0 when there is none. */
async function newestEntryAt({ read }: Store): Promise<number> {
  const projects = await read.access.projects();
  const newest = await Promise.all(
    projects.map(async ({ id }) => (await read.journal.list(id, {}, { limit: 1 }))[0]?.at),
  );
  return Math.max(0, ...newest.map((at) => (at === undefined ? 0 : Date.parse(at))));
}

/**
 * The clock of a router that starts again. When the wall clock was set back meanwhile it goes on from the newest entry
 * there is: what expires would otherwise live for as much longer.
 */
export async function resumeClock({ clock, log }: Ambient, store: Store): Promise<Clock> {
  const behindMs = (await newestEntryAt(store)) - clock.now();
  if (behindMs <= 0) return clock;
  log.warn('clock.behind', { behindMs });
  return { ...clock, now: () => clock.now() + behindMs };
}
