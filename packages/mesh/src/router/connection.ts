import type { Clock } from '@xem/runtime';
import type { RouterSocket } from '../wire/transport.ts';
import type { MeshLimits, MeshSession } from './contract.ts';
import { createLine, type Line } from './line.ts';
import { createRecent } from './recent.ts';

/**
 * How far a connection has come: `new` → `challenged` → `proving` → `open` on the data socket, `new` → `asked` on the
 * enrollment socket. Each step is taken once.
 */
type ConnectionState =
  | { readonly step: 'new' | 'asked' }
  | { readonly step: 'challenged' | 'proving'; readonly agentNonce: string; readonly routerNonce: string }
  | { readonly step: 'open'; readonly session: MeshSession };

/** One routing id, from its first message until it is dropped. */
export interface Connection {
  readonly key: string;
  readonly line: Line;
  readonly since: number;
  readonly connectedAt: number;
  state: ConnectionState;
  /** Monotonic milliseconds. */
  heardAt: number;
  lastHeardAt: number;
  bytesIn: number;
  badFrames: number;
}

interface ConnectionsOptions {
  readonly clock: Clock;
  readonly limits: MeshLimits;
  readonly socket: () => RouterSocket;
  readonly gone: (connection: Connection) => void;
  readonly failed: (error: unknown) => void;
}

/** The routing ids of one socket. */
export interface Connections {
  /** The connection of a routing id, made at its first message; null for an id that is dropped or one too many. */
  of(from: Uint8Array): Connection | null;
  /** Forgets a connection and discards whatever its routing id still sends, unread. */
  drop(connection: Connection): void;
  /** Forgets a connection whose line is gone. */
  forget(connection: Connection): void;
  /** Tells that a stranger has a session now, and no longer counts against the limit. */
  promote(connection: Connection): void;
  /** Strangers that had more than `ms` to prove themselves, oldest first. */
  overdue(ms: number): Connection[];
}

const textOf = (from: Uint8Array): string =>
  Buffer.from(from.buffer, from.byteOffset, from.byteLength).toString('latin1');

/** The routing ids of one socket, none known yet. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { clock, limits } = options;
  const all = new Map<string, Connection>();
  const strangers = new Set<Connection>();
  const dropped = createRecent<true>(limits.strangers);
  const forget = (connection: Connection): void => {
    all.delete(connection.key);
    strangers.delete(connection);
  };
  const add = (key: string, from: Uint8Array): Connection => {
    const line = createLine({
      clock,
      socket: { send: (to, parts) => options.socket().send(to, parts) },
      to: Buffer.from(from),
      queueBytes: limits.queueBytes,
      gone: () => options.gone(connection),
      failed: options.failed,
    });
    const connection = createConnection({ key, line, clock });
    all.set(key, connection);
    strangers.add(connection);
    return connection;
  };
  return {
    of: (from) => {
      const key = textOf(from);
      const known = all.get(key);
      if (known !== undefined) return known;
      return dropped.has(key) || strangers.size >= limits.strangers ? null : add(key, from);
    },
    drop: (connection) => {
      forget(connection);
      dropped.set(connection.key, true);
    },
    forget,
    promote: (connection) => strangers.delete(connection),
    overdue: (ms) => [...strangers].filter(({ since }) => clock.monotonic() - since > ms),
  };
}

function createConnection({ key, line, clock }: { key: string; line: Line; clock: Clock }): Connection {
  const now = clock.monotonic();
  const connectedAt = clock.now();
  return {
    key,
    line,
    since: now,
    connectedAt,
    state: { step: 'new' },
    heardAt: now,
    lastHeardAt: connectedAt,
    bytesIn: 0,
    badFrames: 0,
  };
}
