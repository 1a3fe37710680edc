import type { ExecutionRecord } from '@xem/store';
import type { ProjectContext } from '../context.ts';
import { unclaim } from './claim.ts';

/** Remembers the slots a transaction took. */
export interface SlotGuard {
  hold(execution: ExecutionRecord | null): void;
}

/** Runs work that takes slots and gives them all back when it fails. */
export async function withSlots<Result>(
  ctx: ProjectContext,
  work: (guard: SlotGuard) => Promise<Result>,
): Promise<Result> {
  const held: (ExecutionRecord | null)[] = [];
  try {
    return await work({ hold: (execution) => void held.push(execution) });
  } catch (error) {
    for (const execution of held) unclaim(ctx, execution);
    throw error;
  }
}
