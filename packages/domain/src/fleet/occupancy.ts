import type { ExecutionId, WorkspaceId } from '@xem/protocol';
import type { WorkspaceConcurrency } from '@xem/store';
import {
  admits,
  closedOf,
  count,
  emptyRoom,
  isLimited,
  type Closed,
  type Occupant,
  type Room,
} from './room.ts';

/** A call that asks for a place. A newcomer does not overtake those that are being offered what has become free. */
export interface Candidate extends Occupant {
  readonly executionId: ExecutionId;
  readonly newcomer: boolean;
}

/** Hears that a workspace may take calls again that it turned away: like the one that left, or any when its limits changed. */
export type ReopenedListener = (workspaceId: WorkspaceId, left: Occupant | null) => void;

/**
 * Which attempts are under way in each workspace, against its limits. Memory only, like the slots of the fleet: taken
 * before the commit and given back when it fails, made again from open attempts when the router starts. An attempt
 * whose agent is lost keeps its place until it is settled.
 */
export interface Occupancy {
  /** Sets the limits of a workspace. */
  limit(workspaceId: WorkspaceId, limits: WorkspaceConcurrency): void;
  /** Whether a call like this would find a place. */
  admits(occupant: Occupant): boolean;
  /** What finds no place now. Whoever asks and hears of something is told by `onReopened` when that changes. */
  closed(workspaceId: WorkspaceId): Closed;
  /** Takes a place for an attempt. False when there is none; `onReopened` tells when to ask again. */
  take(candidate: Candidate): boolean;
  /** Takes a place whatever the limits say, for an attempt that was given out before the router started. */
  restore(executionId: ExecutionId, occupant: Occupant): void;
  /** Gives a place back. Nothing happens when the attempt held none. */
  release(executionId: ExecutionId): void;
  /** While a workspace is reserved its limited places are for calls that waited, not for newcomers. */
  reserve(workspaceId: WorkspaceId, reserved: boolean): void;
  /** Puts workspaces in the order in which they were given something, the one that waits longest first. */
  inTurn(workspaceIds: Iterable<WorkspaceId>): readonly WorkspaceId[];
  /** Returns an unsubscriber. */
  onReopened(listener: ReopenedListener): () => void;
}

type Rooms = (workspaceId: WorkspaceId) => Room;

function createRooms(): Rooms {
  const rooms = new Map<WorkspaceId, Room>();
  return (workspaceId) => {
    const room = rooms.get(workspaceId) ?? emptyRoom();
    rooms.set(workspaceId, room);
    return room;
  };
}

/** Tells listeners once, when somebody was turned away. */
function createBell(roomOf: Rooms) {
  const listeners = new Set<ReopenedListener>();
  return {
    ring: (workspaceId: WorkspaceId, left: Occupant | null): void => {
      const room = roomOf(workspaceId);
      if (!room.awaited) return;
      room.awaited = false;
      for (const listener of listeners) listener(workspaceId, left);
    },
    subscribe: (listener: ReopenedListener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The places of attempts in the rooms. */
function createPlaces(roomOf: Rooms) {
  const occupants = new Map<ExecutionId, Occupant>();
  let turns = 0;
  return {
    enter: (executionId: ExecutionId, { workspaceId, tool, risk }: Occupant): void => {
      const occupant = { workspaceId, tool, risk };
      const room = roomOf(workspaceId);
      occupants.set(executionId, occupant);
      count(room, occupant, 1);
      turns += 1;
      room.turn = turns;
    },
    leave: (executionId: ExecutionId): Occupant | null => {
      const occupant = occupants.get(executionId) ?? null;
      occupants.delete(executionId);
      if (occupant) count(roomOf(occupant.workspaceId), occupant, -1);
      return occupant;
    },
  };
}

/** An empty mesh: nothing is under way, and no workspace has limits of its own. */
export function createOccupancy(): Occupancy {
  const roomOf = createRooms();
  const bell = createBell(roomOf);
  const places = createPlaces(roomOf);
  return {
    limit: (workspaceId, limits) => {
      roomOf(workspaceId).limits = limits;
      bell.ring(workspaceId, null);
    },
    admits: (occupant) => admits(roomOf(occupant.workspaceId), occupant),
    closed: (workspaceId) => {
      const room = roomOf(workspaceId);
      const closed = closedOf(room);
      room.awaited ||= closed.all || closed.gated || closed.tools.length > 0;
      return closed;
    },
    take: ({ executionId, newcomer, ...occupant }) => {
      const room = roomOf(occupant.workspaceId);
      const mustWait = newcomer && room.reserved && isLimited(room, occupant);
      const taken = !mustWait && admits(room, occupant);
      if (taken) places.enter(executionId, occupant);
      else room.awaited = true;
      return taken;
    },
    restore: places.enter,
    release: (executionId) => {
      const left = places.leave(executionId);
      if (left) bell.ring(left.workspaceId, left);
    },
    reserve: (workspaceId, reserved) => void (roomOf(workspaceId).reserved = reserved),
    inTurn: (workspaceIds) => [...workspaceIds].toSorted((a, b) => roomOf(a).turn - roomOf(b).turn),
    onReopened: bell.subscribe,
  };
}
