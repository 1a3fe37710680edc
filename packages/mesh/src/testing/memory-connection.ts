import type { Clock, IdSource } from '@xem/runtime';
import type { DealerSocketEvents, DownReason, Parts, RouterSocketEvents } from '../wire/transport.ts';

/** Faults of every message; shares from 0 to 1, times in milliseconds. */
export interface MemoryFaults {
  readonly drop: number;
  readonly duplicate: number;
  /** The share of messages that may overtake others. */
  readonly reorder: number;
  readonly delayMs: number;
  readonly jitterMs: number;
}

/** A connection between two ends in memory. */
export interface MemoryConnection {
  readonly id: Buffer;
  readonly curveKey: string;
  readonly agent: DealerSocketEvents;
  readonly router: RouterSocketEvents;
  alive: boolean;
  /** The agent does not read: messages to it pile up. */
  stalled: boolean;
  /** Nothing passes: messages wait for the line to heal. */
  parted: boolean;
  readonly held: (() => void)[];
  /** Messages to the agent that it has not read. */
  unread: number;
  readonly dueAt: { agent: number; router: number };
}

/** What a connection is moved by. */
export interface MemoryWorld {
  readonly clock: Clock;
  random: IdSource;
  faults: MemoryFaults;
}

const HIGH_WATER_MARK = 1000;

const draw = ({ random }: MemoryWorld): number => random.bytes(4).readUInt32BE() / 2 ** 32;

/** When a message arrives. TCP keeps the order, so only a message that a fault sets free overtakes others. */
function dueAt(world: MemoryWorld, connection: MemoryConnection, side: 'agent' | 'router'): number {
  const { delayMs, jitterMs, reorder } = world.faults;
  const due = world.clock.monotonic() + delayMs + draw(world) * jitterMs;
  if (draw(world) < reorder) return due;
  connection.dueAt[side] = Math.max(connection.dueAt[side], due);
  return connection.dueAt[side];
}

function hold(connection: MemoryConnection, side: 'agent' | 'router', deliver: () => void): void {
  if (!connection.alive) return;
  if (connection.parted || (side === 'agent' && connection.stalled)) connection.held.push(deliver);
  else deliver();
}

/** Carries a message to one side, with the faults of the world. */
export function carry(
  world: MemoryWorld,
  { connection, side, parts }: { connection: MemoryConnection; side: 'agent' | 'router'; parts: Parts },
): void {
  const copy = parts.map((part) => Buffer.from(part));
  const deliver = (): void => {
    if (side === 'router') return connection.router.message(connection.id, copy);
    connection.unread -= 1;
    connection.agent.message(copy);
  };
  if (draw(world) < world.faults.drop) return;
  for (let copies = draw(world) < world.faults.duplicate ? 2 : 1; copies > 0; copies -= 1) {
    if (side === 'agent') connection.unread += 1;
    const waitMs = dueAt(world, connection, side) - world.clock.monotonic();
    world.clock.after(waitMs, () => hold(connection, side, deliver));
  }
}

/** Tells whether a connection takes no more messages to its agent. */
export const isFull = ({ unread }: MemoryConnection): boolean => unread >= HIGH_WATER_MARK;

/** Delivers what was held back. */
export function release(connection: MemoryConnection): void {
  for (const deliver of connection.held.splice(0)) if (connection.alive) deliver();
}

/** Ends a connection: each side learns it the way a socket tells it. */
export function sever(connection: MemoryConnection, reason: DownReason = 'disconnected'): void {
  if (!connection.alive) return;
  connection.alive = false;
  connection.held.length = 0;
  connection.agent.down(reason);
  connection.router.disconnected();
}
