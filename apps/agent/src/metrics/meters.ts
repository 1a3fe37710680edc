import type { Attempts } from '../dispatch/attempts.ts';
import type { Line } from '../dispatch/line.ts';
import type { Journal } from '../journal/journal.ts';

/** What is told of an agent as it works. */
export interface Meters {
  ended(status: string): void;
  refused(reason: string): void;
  /** Whether there is a session. */
  inSession(isOpen: boolean): void;
  /** Says what is under way. */
  watch(attempts: Pick<Attempts, 'inFlight' | 'all'>): void;
}

/** A journal that tells how attempts end. */
export const withEndsTold = (journal: Journal, meters: Meters): Journal => ({
  ...journal,
  end: (key, result) => {
    if (journal.find(key)?.state !== 'ended') meters.ended(result.status);
    journal.end(key, result);
  },
});

/** A way of sending that tells which orders are refused. */
export const withRefusalsTold =
  (send: Line['send'], meters: Meters): Line['send'] =>
  (frame) => {
    if (frame.kind === 'refuse') meters.refused(frame.body.reason);
    return send(frame);
  };
