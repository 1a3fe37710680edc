import type { ExecutionRecord } from '@xem/store';
import type { ProjectContext } from '../context.ts';

/** Remembers the slots and places a transaction took. */
export interface SlotGuard {
  hold(execution: ExecutionRecord): void;
}

/** Runs work that takes slots, and gives all of them back when it fails. */
export async function withSlots<Result>(
  ctx: ProjectContext,
  work: (guard: SlotGuard) => Promise<Result>,
): Promise<Result> {
  const held: ExecutionRecord[] = [];
  try {
    return await work({ hold: (execution) => void held.push(execution) });
  } catch (error) {
    for (const { agentId, id } of held) {
      ctx.fleet.release(agentId, id);
      ctx.occupancy.release(id);
      ctx.orders.take(id);
    }
    throw error;
  }
}
