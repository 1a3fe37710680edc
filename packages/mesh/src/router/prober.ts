import type { Cancel, Clock } from '@xem/runtime';
import type { Connection } from './connection.ts';

const FIRST_MS = 200;
const SECOND_MS = 1000;

interface ProberOptions {
  readonly clock: Clock;
  /** Connections with a session. */
  readonly connections: () => Iterable<Connection>;
}

/** Told of every end; `stop` ends its timer. */
export interface Prober {
  readonly disconnected: () => void;
  readonly stop: () => void;
}

/** An empty message: the agent's end ignores it, and the socket tells when the peer is gone. */
const PROBE = [new Uint8Array(0)];

/**
 * Finds out whose connection ended, since the socket tells only that one did: it writes to the sessions that have not
 * been heard from since, and a second later to those that were heard from then and not again. A storm of ends costs
 * two rounds a second.
 */
export function createProber({ clock, connections }: ProberOptions): Prober {
  let pending = 0;
  let cancel: Cancel | null = null;
  const probe = (silentSince: number): void => {
    for (const { heardAt, line } of connections()) if (heardAt <= silentSince) line.send(PROBE);
  };
  const schedule = (afterMs: number): void => {
    const since = clock.monotonic();
    cancel = clock.after(afterMs, () => {
      pending -= 1;
      probe(since);
      if (pending > 0) schedule(SECOND_MS);
    });
  };
  return {
    disconnected: () => {
      if (pending === 0) schedule(FIRST_MS);
      pending = 2;
    },
    stop: () => cancel?.(),
  };
}
