import type { Clock } from '@xem/runtime';
import type { MeshSession, Violation } from './contract.ts';

const WINDOW_MS = 60_000;

interface Tally {
  told: number;
  since: number;
}

/** Tells of bad frames once per session and minute, with the number since the last time. */
export interface Violations {
  note(session: MeshSession | null, reason: string): void;
  forget(session: MeshSession): void;
}

interface ViolationsOptions {
  readonly clock: Clock;
  readonly tell: (violation: Violation) => void;
}

const STRANGERS = '';

/** An empty tally; connections without a session share one. */
export function createViolations({ clock, tell }: ViolationsOptions): Violations {
  const tallies = new Map<string, Tally>();
  return {
    note: (session, reason) => {
      const key = session?.name ?? STRANGERS;
      const tally = tallies.get(key) ?? { told: Number.NEGATIVE_INFINITY, since: 0 };
      tallies.set(key, tally);
      tally.since += 1;
      if (clock.monotonic() - tally.told < WINDOW_MS) return;
      tell({ session, reason, count: tally.since });
      tally.told = clock.monotonic();
      tally.since = 0;
    },
    forget: (session) => {
      tallies.delete(session.name);
    },
  };
}
