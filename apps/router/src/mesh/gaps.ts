import type { ExecutionId } from '@xem/protocol';

/** A result that came before all of its output is sent back so many times; then the rest of it is given up. */
const CHANCES = 5;

/** Executions remembered at a time; the oldest is forgotten first. */
const EXECUTIONS_MAX = 10_000;

/** How often results came without all of their output. */
export interface Gaps {
  /** Counts one more; false when there were too many. */
  hasAnotherChance(executionId: ExecutionId): boolean;
  /** The result was taken. */
  forget(executionId: ExecutionId): void;
}

/** Nothing is missing yet. */
export function createGaps(): Gaps {
  const seen = new Map<ExecutionId, number>();
  return {
    hasAnotherChance: (executionId) => {
      const times = (seen.get(executionId) ?? 0) + 1;
      const oldest = seen.size >= EXECUTIONS_MAX ? seen.keys().next().value : undefined;
      if (oldest !== undefined) seen.delete(oldest);
      seen.set(executionId, times);
      return times <= CHANCES;
    },
    forget: (executionId) => void seen.delete(executionId),
  };
}
