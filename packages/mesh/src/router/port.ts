import type { Frame } from '@xem/protocol';
import { encodeFrame } from '../wire/frame-codec.ts';
import { bytesOf, type Parts } from '../wire/transport.ts';
import type { Connection, Connections } from './connection.ts';
import type { MeshLimits, MeshSession, Refusal, RouterMeshOptions } from './contract.ts';
import type { Gate } from './gate.ts';
import type { Violations } from './violations.ts';

/** What both ports of a router's mesh work with. */
export interface PortContext {
  readonly options: RouterMeshOptions;
  readonly limits: MeshLimits;
  readonly gate: Gate;
  readonly violations: Violations;
  readonly connections: Connections;
}

/** The session of a connection, or null while it is a stranger's. */
export const sessionOf = ({ state }: Connection): MeshSession | null =>
  state.step === 'open' ? state.session : null;

/** The connection a message belongs to; null when the message is to be discarded. */
export function hear(ctx: PortContext, from: Uint8Array, parts: Parts): Connection | null {
  const { clock } = ctx.options;
  if (from[0] !== 0) {
    ctx.violations.note(null, 'chosen_routing_id');
    return null;
  }
  const connection = ctx.connections.of(from);
  if (connection === null) return null;
  connection.bytesIn += bytesOf(parts);
  connection.heardAt = clock.monotonic();
  connection.lastHeardAt = clock.now();
  return connection;
}

/** Sends these last words and discards, unread, whatever else comes from the connection. */
export function turnAway(ctx: PortContext, connection: Connection, last: Frame): void {
  ctx.connections.drop(connection);
  connection.line.end(encodeFrame(last));
}

/** The last words of a connection on the data socket. */
export const refusedFrame = ({ code, message }: Refusal): Frame<'refused'> => ({
  kind: 'refused',
  body: { v: 1, code, message },
});

/** Counts a bad frame; true when it was one too many. */
export function countBadFrame(ctx: PortContext, connection: Connection, reason: string): boolean {
  connection.badFrames += 1;
  ctx.violations.note(sessionOf(connection), reason);
  return connection.badFrames >= ctx.limits.badFrames;
}
