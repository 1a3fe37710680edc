import { executionMachine } from '@xem/protocol';
import type { ExecutionRecord, InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { ProjectContext } from '../context.ts';
import { endBy, NEVER_RAN, type EndCause } from '../invocation/end.ts';
import { endCall } from '../invocation/end-call.ts';
import type { Change, Fact } from '../mutate.ts';
import type { Attempt } from './attempt.ts';
import { executionEnded } from './facts.ts';
import { requeue } from './requeue.ts';

/** A call whose agents were lost this often is given up. */
const LOSSES_MAX = 3;

/** What is known of a lost attempt: that it never started, or nothing. */
export type Knowledge = 'never_started' | 'unknown';

const LOST: EndCause = {
  code: 'agent_lost',
  message: 'the agent was lost while the tool may have run; its outcome is unknown',
};
const EXHAUSTED: EndCause = {
  code: 'attempts_exhausted',
  message: `${LOSSES_MAX} attempts lost their agent`,
};

/** Whether a call may take effect twice. */
export const mayRepeat = ({ risk, idempotent }: InvocationRecord): boolean => risk === 'read' || idempotent;

/** What a cancel came to whose agent is gone. */
const RECALLED: Readonly<Record<Knowledge, EndCause>> = {
  never_started: NEVER_RAN,
  unknown: {
    code: 'cancel_unconfirmed',
    message: 'cancelled, and the agent was lost before it could confirm',
  },
};

async function settleLoss(
  ctx: ProjectContext,
  tx: WriteTx,
  { call, knowledge }: { readonly call: InvocationRecord; readonly knowledge: Knowledge },
): Promise<readonly Fact[]> {
  const now = ctx.clock.now();
  const cause = mayRepeat(call) ? EXHAUSTED : LOST;
  const ended =
    call.cancelRequestedAt === null
      ? endBy(call, 'lose', { now, cause })
      : endBy(call, 'confirmCancel', { now, cause: RECALLED[knowledge] });
  return [(await endCall(tx, ended)).fact];
}

function mayRunAgain(call: InvocationRecord, knowledge: Knowledge): boolean {
  if (call.cancelRequestedAt !== null) return false;
  return knowledge === 'never_started' || (mayRepeat(call) && call.losses < LOSSES_MAX);
}

/**
 * Gives up an attempt whose agent is gone. The call is repeated only when the attempt is known not to have started,
 * or when its tool reads or is idempotent; of any other the outcome is unknown, and it is never repeated.
 */
export async function loseAttempt(
  ctx: ProjectContext,
  tx: WriteTx,
  { execution, invocation, current, knowledge }: Attempt & { readonly knowledge: Knowledge },
): Promise<Change<ExecutionRecord>> {
  const lost = await tx.executions.save({
    ...advance(executionMachine, execution, 'lose'),
    endedBy: 'unknown',
    error: LOST,
    endedAt: ctx.clock.now(),
    outputExpiresAt: ctx.clock.now() + ctx.settings.outputRetentionMs,
  });
  if (!current) return { result: lost, facts: [executionEnded(lost)] };
  const losses = knowledge === 'unknown' ? invocation.losses + 1 : invocation.losses;
  const call = { ...invocation, losses };
  const then = mayRunAgain(call, knowledge)
    ? await requeue(ctx, tx, { call, deadlineAt: ctx.clock.now() + ctx.settings.queueTimeoutMs })
    : await settleLoss(ctx, tx, { call, knowledge });
  return { result: lost, facts: [executionEnded(lost), ...then] };
}
