import type { AgentId, Pause, ProjectId, WorkspaceId } from '@xem/protocol';

/** What can be paused. */
export type PausableId = AgentId | WorkspaceId | ProjectId;

/** Puts back what a change of the pauses replaced. */
export type TakeBack = () => void;

/**
 * What is paused, in memory, for everything that asks at every dispatch. It changes within the transaction that changes
 * the store, so that no call behind it in the same commit is dispatched under a pause, and is put back when that fails.
 */
export interface Pauses {
  isPaused(id: PausableId): boolean;
  /** Null when it is not paused. */
  find(id: PausableId): Pause | null;
  /** Whether nothing at all is paused. */
  isEmpty(): boolean;
  set(id: PausableId, pause: Pause | null): TakeBack;
}

/** Nothing is paused. */
export function createPauses(): Pauses {
  const pauses = new Map<PausableId, Pause>();
  const put = (id: PausableId, pause: Pause | null): void => {
    if (pause) pauses.set(id, pause);
    else pauses.delete(id);
  };
  return {
    isPaused: (id) => pauses.has(id),
    find: (id) => pauses.get(id) ?? null,
    isEmpty: () => pauses.size === 0,
    set: (id, pause) => {
      const before = pauses.get(id) ?? null;
      put(id, pause);
      return () => put(id, before);
    },
  };
}
