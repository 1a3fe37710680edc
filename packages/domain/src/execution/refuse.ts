import { executionMachine, REFUSALS_FOR_NOW, type RefusalReason } from '@xem/protocol';
import { advance } from '../advance.ts';
import { internalOperation, type ProjectContext } from '../context.ts';
import { endBy, NEVER_RAN } from '../invocation/end.ts';
import { endCall } from '../invocation/end-call.ts';
import { mutate } from '../mutate.ts';
import { loadAttempt, type AttemptRef } from './attempt.ts';
import { executionRefused } from './facts.ts';
import { requeue } from './requeue.ts';

const refuseExecution = internalOperation('execution.refuse');

/** An agent's no to an order. */
export interface Refusal extends AttemptRef {
  readonly reason: RefusalReason;
  readonly message: string;
}

const FOR_NOW: ReadonlySet<RefusalReason> = new Set(REFUSALS_FOR_NOW);

/**
 * Hears that an agent does not take an order: the call waits for another agent, or fails where the agent found
 * something wrong with it. An agent that cannot take it now is offered nothing until it renews its lease, or the
 * call would come straight back to it. @throws ForeignAttemptError
 */
export function refuse(ctx: ProjectContext, refusal: Refusal): Promise<void> {
  if (FOR_NOW.has(refusal.reason)) ctx.fleet.hold(refusal.agentId, 'refused');
  return takeBack(ctx, refusal);
}

const takeBack = (ctx: ProjectContext, { reason, message, ...ref }: Refusal): Promise<void> =>
  mutate<void>(ctx, refuseExecution, async (tx) => {
    const { execution, invocation, current } = await loadAttempt(tx, ref);
    if (execution.status !== 'dispatched') return { result: undefined, facts: [] };
    const now = ctx.clock.now();
    const cause = { code: 'agent_refused', message: `${reason}: ${message}` } as const;
    const refused = await tx.executions.save({
      ...advance(executionMachine, execution, 'refuse'),
      error: cause,
      endedAt: now,
    });
    const fact = executionRefused(refused, reason);
    if (!current || invocation.status !== 'queued') return { result: undefined, facts: [fact] };
    if (invocation.cancelRequestedAt !== null) {
      const ended = await endCall(tx, endBy(invocation, 'confirmCancel', { now, cause: NEVER_RAN }));
      return { result: undefined, facts: [fact, ended.fact] };
    }
    if (FOR_NOW.has(reason)) {
      const requeued = await requeue(ctx, tx, { call: invocation, deadlineAt: invocation.deadlineAt });
      return { result: undefined, facts: [fact, ...requeued] };
    }
    const failed = await endCall(tx, endBy(invocation, 'refuseOrder', { now, cause }));
    return { result: undefined, facts: [fact, failed.fact] };
  });
