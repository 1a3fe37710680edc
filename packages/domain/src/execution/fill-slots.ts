import type { AgentId } from '@xem/protocol';
import type { InvocationRecord, WriteTx } from '@xem/store';
import { internalOperation, type ProjectContext } from '../context.ts';
import { candidatesOf } from '../invocation/target.ts';
import { mutate, type Fact } from '../mutate.ts';
import { isIdle } from '../pause/hold.ts';
import { claimDecided } from './claim-decided.ts';
import { withSlots, type SlotGuard } from './slot-guard.ts';
import { nextFor } from './next-for.ts';

const dispatchNext = internalOperation('execution.dispatch');

/** How many calls one transaction gives out at most; after so many there may be more. */
export const DISPATCH_BATCH = 32;

interface Given {
  readonly facts: readonly Fact[];
  /** Calls that left the queue. */
  readonly moved: number;
  readonly given: number;
}

/** Gives calls that an agent could take to whoever is least loaded, that agent or another. */
async function giveOut(
  ctx: ProjectContext,
  tx: WriteTx,
  { waiting, guard }: { readonly waiting: readonly InvocationRecord[]; readonly guard: SlotGuard },
): Promise<Given> {
  const facts: Fact[] = [];
  let [moved, given] = [0, 0];
  for (const invocation of waiting) {
    const agents = candidatesOf(ctx, invocation);
    const claimed = await claimDecided(ctx, tx, { invocation, agents, newcomer: false, guard });
    facts.push(...claimed.facts);
    moved += claimed.facts.length > 0 ? 1 : 0;
    given += claimed.execution ? 1 : 0;
  }
  return { facts, moved, given };
}

/**
 * Gives what waits for an agent to it, or to another that is less loaded, until it has no room or nothing waits.
 * Looks again after each round: calls that were let go close their workspace to others of their kind. Answers how
 * many calls were given out.
 */
export async function fillSlots(ctx: ProjectContext, agentId: AgentId): Promise<number> {
  if (isIdle(ctx, agentId) || ctx.fleet.roomOf(agentId) === 0) return 0;
  const waiting = await nextFor(ctx, ctx.store.read.invocations, { agentId, limit: 1 });
  if (waiting.length === 0) return 0;
  return withSlots(ctx, (guard) =>
    mutate<number>(ctx, dispatchNext, async (tx) => {
      const facts: Fact[] = [];
      let [moved, given] = [1, 0];
      while (moved > 0 && given < DISPATCH_BATCH) {
        const limit = Math.min(ctx.fleet.roomOf(agentId), DISPATCH_BATCH - given);
        const next = limit > 0 ? await nextFor(ctx, tx.invocations, { agentId, limit }) : [];
        const round = await giveOut(ctx, tx, { waiting: next, guard });
        facts.push(...round.facts);
        [moved, given] = [round.moved, given + round.given];
      }
      return { result: given, facts };
    }),
  );
}
