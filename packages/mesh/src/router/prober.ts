import type { Cancel, Clock } from '@xem/runtime';
import type { Connection } from './connection.ts';

const FIRST_MS = 200;
const EVERY_MS = 400;
const QUIET_MS = 150;

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
 * Finds out whose connection ended, since the socket tells only that one did: it writes to the sessions that have
 * been quiet for a moment, and does so twice, since what a peer sent before its end may be read after. Whoever went is
 * found within 800 ms; a storm of ends costs two and a half rounds a second.
 */
export function createProber({ clock, connections }: ProberOptions): Prober {
  let pending = 0;
  let cancel: Cancel | null = null;
  const probe = (): void => {
    const quietSince = clock.monotonic() - QUIET_MS;
    for (const { heardAt, line } of connections()) if (heardAt <= quietSince) line.send(PROBE);
  };
  const schedule = (afterMs: number): void => {
    cancel = clock.after(afterMs, () => {
      pending -= 1;
      probe();
      if (pending > 0) schedule(EVERY_MS);
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
