import type { ExecutionId } from '@xem/protocol';

/** Attempts remembered; the oldest is forgotten first. */
const ENDED_MAX = 10_000;

/**
 * Attempts that ended while their agent had no session. An arrival is read within a transaction: what others of the
 * same commit end must not come back with it.
 */
export interface EndedAttempts {
  note(executionId: ExecutionId): void;
  has(executionId: ExecutionId): boolean;
}

/** Nothing has ended yet. */
export function createEndedAttempts(): EndedAttempts {
  const ended = new Set<ExecutionId>();
  return {
    note: (executionId) => {
      const oldest = ended.size >= ENDED_MAX ? ended.values().next().value : undefined;
      if (oldest !== undefined) ended.delete(oldest);
      ended.add(executionId);
    },
    has: (executionId) => ended.has(executionId),
  };
}
