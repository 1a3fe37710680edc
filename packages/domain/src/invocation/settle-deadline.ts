import type { ExecutionRecord, InvocationRecord, WriteTx } from '@xem/store';
import { passDeadline } from '../approval/expire.ts';
import { internalOperation, type ProjectContext } from '../context.ts';
import { resultDeadline } from '../execution/accept.ts';
import { endAttempt, openAttemptOf } from '../execution/end.ts';
import { loseAttempt } from '../execution/lose.ts';
import { mutate, type Fact } from '../mutate.ts';
import { endBy, type EndCause } from './end.ts';
import { endCall } from './end-call.ts';
import { loadInvocation } from './get.ts';

const settleDeadlineOperation = internalOperation('invocation.settle_deadline');

interface Overdue {
  readonly call: InvocationRecord;
  /** The attempt that is under way, if there is one. */
  readonly attempt: ExecutionRecord | null;
}

const QUEUE_TIMEOUT: EndCause = { code: 'queue_timeout', message: 'no agent took the call in time' };
const HELD_TOO_LONG: EndCause = { code: 'queue_timeout', message: 'a pause held the call for 24 hours' };
const NO_RESULT: EndCause = { code: 'tool_timeout', message: 'the agent sent no result in time' };
const UNCONFIRMED: EndCause = {
  code: 'cancel_unconfirmed',
  message: 'cancelled, and the agent did not confirm in time',
};

async function outwait(
  ctx: ProjectContext,
  tx: WriteTx,
  { call, attempt }: Overdue,
): Promise<readonly Fact[]> {
  const facts = await endAttempt(ctx, tx, { attempt, event: 'cancel' });
  const cause = call.heldAt === null ? QUEUE_TIMEOUT : HELD_TOO_LONG;
  const ended = endBy(call, 'outwait', { now: ctx.clock.now(), cause });
  return [...facts, (await endCall(tx, ended)).fact];
}

async function giveUpRun(
  ctx: ProjectContext,
  tx: WriteTx,
  { call, attempt }: Overdue,
): Promise<readonly Fact[]> {
  const asked = call.cancelRequestedAt !== null;
  const facts = await endAttempt(ctx, tx, { attempt, event: asked ? 'cancel' : 'timeOut' });
  const now = ctx.clock.now();
  const ended = asked
    ? endBy(call, 'confirmCancel', { now, cause: UNCONFIRMED })
    : endBy(call, 'timeOut', { now, cause: NO_RESULT });
  return [...facts, (await endCall(tx, ended)).fact];
}

/**
 * A run whose agent is away under a lease that holds may have a result on the way, as after a restart of the router: it
 * is waited for until the end of that lease, once.
 */
function extended(ctx: ProjectContext, { call, attempt }: Overdue): InvocationRecord | null {
  const live = attempt && ctx.fleet.find(attempt.agentId);
  if (!live || live.session !== null || call.cancelRequestedAt !== null || call.startedAt === null)
    return null;
  const leftMs = live.leaseEndsAt - ctx.clock.monotonic();
  const isFirst = (call.deadlineAt ?? 0) <= resultDeadline(call, call.startedAt);
  return isFirst && leftMs > 0 ? { ...call, deadlineAt: ctx.clock.now() + Math.ceil(leftMs) } : null;
}

async function pass(ctx: ProjectContext, tx: WriteTx, call: InvocationRecord): Promise<readonly Fact[]> {
  if (call.status === 'pending_approval') return passDeadline(ctx, tx, call);
  const attempt = await openAttemptOf(tx, call);
  if (attempt && attempt.lostAt !== null) {
    const lost = { execution: attempt, invocation: call, current: true, knowledge: 'unknown' } as const;
    return (await loseAttempt(ctx, tx, lost)).facts;
  }
  const overdue = { call, attempt };
  const later = extended(ctx, overdue);
  if (later) {
    await tx.invocations.save(later);
    return [];
  }
  const waits = call.status === 'queued' && call.cancelRequestedAt === null;
  return waits ? outwait(ctx, tx, overdue) : giveUpRun(ctx, tx, overdue);
}

/** Settles a call whose deadline is over; one that moved on meanwhile is left alone. */
export const settleDeadline = (ctx: ProjectContext, id: InvocationRecord['id']): Promise<void> =>
  mutate<void>(ctx, settleDeadlineOperation, async (tx) => {
    const call = await loadInvocation(ctx, tx.invocations, id);
    if (call.deadlineAt === null || call.deadlineAt > ctx.clock.now())
      return { result: undefined, facts: [] };
    return { result: undefined, facts: await pass(ctx, tx, call) };
  });
