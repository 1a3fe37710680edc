import { GATED_RISKS, type Risk, type WorkspaceId } from '@xem/protocol';
import type { WorkspaceConcurrency } from '@xem/store';
import { concurrencyOf } from '../workspace/concurrency.ts';

/** What the limits of a workspace look at in a call. */
export interface Occupant {
  readonly workspaceId: WorkspaceId;
  readonly tool: string;
  readonly risk: Risk;
}

/** What a workspace takes no more of now. */
export interface Closed {
  readonly all: boolean;
  /** Destructive and irreversible calls. */
  readonly gated: boolean;
  readonly tools: readonly string[];
}

/** What is under way in one workspace, against its limits. */
export interface Room {
  limits: WorkspaceConcurrency;
  all: number;
  gated: number;
  readonly tools: Map<string, number>;
  /** Somebody was turned away. */
  awaited: boolean;
  reserved: boolean;
  /** When it was given something last. */
  turn: number;
}

/** A room without limits of its own. */
export const emptyRoom = (): Room => ({
  limits: concurrencyOf({ concurrency: null }),
  all: 0,
  gated: 0,
  tools: new Map(),
  awaited: false,
  reserved: false,
  turn: 0,
});

const isGated = ({ risk }: Occupant): boolean => GATED_RISKS.has(risk);

const isFull = ({ limits, all }: Room): boolean => limits.max !== null && all >= limits.max;

const isLocked = ({ limits, gated }: Room): boolean => limits.exclusiveDestructive && gated > 0;

const isToolFull = ({ limits, tools }: Room, tool: string): boolean =>
  (tools.get(tool) ?? 0) >= (limits.perTool[tool] ?? Infinity);

/** Whether a call like this would find a place. */
export const admits = (room: Room, occupant: Occupant): boolean =>
  !isFull(room) && !isToolFull(room, occupant.tool) && !(isGated(occupant) && isLocked(room));

/** Whether any limit of the workspace looks at calls like this. */
export const isLimited = ({ limits }: Room, occupant: Occupant): boolean =>
  limits.max !== null ||
  limits.perTool[occupant.tool] !== undefined ||
  (limits.exclusiveDestructive && isGated(occupant));

/** What finds no place now. */
export const closedOf = (room: Room): Closed => ({
  all: isFull(room),
  gated: isLocked(room),
  tools: Object.keys(room.limits.perTool).filter((tool) => isToolFull(room, tool)),
});

/** Counts a call that comes or leaves. */
export function count(room: Room, occupant: Occupant, by: 1 | -1): void {
  room.all += by;
  if (isGated(occupant)) room.gated += by;
  const left = (room.tools.get(occupant.tool) ?? 0) + by;
  if (left > 0) room.tools.set(occupant.tool, left);
  else room.tools.delete(occupant.tool);
}
