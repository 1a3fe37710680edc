import type { AgentId } from '@xem/protocol';
import { internalOperation, type ProjectContext } from '../context.ts';
import { mutate, type Fact } from '../mutate.ts';
import { isIdle } from '../pause/hold.ts';
import { claimDecided } from './claim-decided.ts';
import { withSlots } from './slot-guard.ts';

const dispatchNext = internalOperation('execution.dispatch');

/** How many calls one transaction hands to an agent at most. */
const BATCH = 32;

/** Fills the free slots of an agent with what waits for it, oldest first. Answers how many calls it got. */
export async function fillSlots(ctx: ProjectContext, agentId: AgentId): Promise<number> {
  const limit = isIdle(ctx, agentId) ? 0 : Math.min(ctx.fleet.roomOf(agentId), BATCH);
  if (limit <= 0) return 0;
  const waiting = await ctx.store.read.invocations.queuedFor(agentId, 1);
  if (waiting.length === 0) return 0;
  return withSlots(ctx, (guard) =>
    mutate<number>(ctx, dispatchNext, async (tx) => {
      const facts: Fact[] = [];
      let given = 0;
      for (const invocation of await tx.invocations.queuedFor(agentId, limit)) {
        const claimed = await claimDecided(ctx, tx, { invocation, agents: [agentId], guard });
        facts.push(...claimed.facts);
        given += claimed.execution ? 1 : 0;
      }
      return { result: given, facts };
    }),
  );
}
