import { executionMachine } from '@xem/protocol';
import { advance } from '../advance.ts';
import { internalOperation, type ProjectContext } from '../context.ts';
import { endBy, type EndCause } from '../invocation/end.ts';
import { endCall } from '../invocation/end-call.ts';
import { mutate } from '../mutate.ts';
import { started } from './accept.ts';
import { loadAttempt, type AttemptRef } from './attempt.ts';
import { isOpen } from './end.ts';
import { executionEnded } from './facts.ts';

const overrunExecution = internalOperation('execution.overrun');

const TOO_MUCH: EndCause = {
  code: 'output_limit_exceeded',
  message: 'the agent sent more output than the tool may have',
};

/** Ends an attempt whose agent sends output without end; its call fails. @throws ForeignAttemptError */
export const overrun = (ctx: ProjectContext, ref: AttemptRef): Promise<void> =>
  mutate<void>(ctx, overrunExecution, async (tx) => {
    const attempt = await loadAttempt(tx, ref);
    if (!isOpen(attempt.execution) || !attempt.current) return { result: undefined, facts: [] };
    const begun = attempt.execution.status === 'running' ? null : started(ctx, attempt);
    const { execution, invocation } = begun ?? attempt;
    const now = ctx.clock.now();
    const ended = await tx.executions.save({
      ...advance(executionMachine, execution, 'fail'),
      endedBy: 'limit',
      error: TOO_MUCH,
      lostAt: null,
      endedAt: now,
    });
    const { fact } = await endCall(tx, endBy(invocation, 'fail', { now, cause: TOO_MUCH }));
    return { result: undefined, facts: [...(begun?.facts ?? []), executionEnded(ended), fact] };
  });
