import { cancelInvocation, invocationMachine, type Invocation, type ParsedInputOf } from '@xem/protocol';
import type { InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import { withdrawApproval } from '../approval/withdraw.ts';
import type { ProjectContext, VerbContext } from '../context.ts';
import { endAttempt, openAttemptOf } from '../execution/end.ts';
import { mutate, type Change } from '../mutate.ts';
import { endBy, type EndCause } from './end.ts';
import { endFact, invocationFact } from './facts.ts';
import { loadInvocation } from './get.ts';
import { presentInvocation } from './present.ts';

/** SIGTERM, five seconds, SIGKILL, and as long again for the word to come back. */
const CANCEL_CONFIRM_MS = 15_000;

interface Cancellation {
  readonly call: InvocationRecord;
  readonly event: 'cancel' | 'revokeRequester';
  readonly cause: EndCause;
}

/** Nobody knows yet whether an agent began with an order that was on the way to it; what it reports is evidence. */
const unlessStarted = ({ code, message }: EndCause): EndCause => ({
  code,
  message: `${message}, unless the agent had started it already: its order was on the way`,
});

/** Cancels a call that does not run, and whatever waited with it: its approval, an order nobody accepted. */
export async function cancelWaiting(
  ctx: ProjectContext,
  tx: WriteTx,
  { call, event, cause }: Cancellation,
): Promise<Change<InvocationRecord>> {
  const now = ctx.clock.now();
  const attempt = await endAttempt(ctx, tx, { attempt: await openAttemptOf(tx, call), event: 'cancel' });
  const withdrawn = await withdrawApproval(tx, call, { now, because: cause.code });
  const approval =
    call.approval?.status === 'pending' ? { ...call.approval, status: 'withdrawn' as const } : call.approval;
  const told = attempt.length > 0 ? unlessStarted(cause) : cause;
  const ended = await tx.invocations.save({ ...endBy(call, event, { now, cause: told }), approval });
  return { result: ended, facts: [...attempt, ...withdrawn, endFact(ended)] };
}

/** Asks for the end of a running call. Asking again changes nothing. */
async function requestCancel(
  ctx: ProjectContext,
  tx: WriteTx,
  { call, reason }: { readonly call: InvocationRecord; readonly reason: string | null },
): Promise<Change<InvocationRecord>> {
  if (call.cancelRequestedAt !== null) return { result: call, facts: [] };
  const now = ctx.clock.now();
  const asked = await tx.invocations.save({
    ...advance(invocationMachine, call, 'requestCancel'),
    cancelRequestedAt: now,
    deadlineAt: Math.min(call.deadlineAt ?? Infinity, now + CANCEL_CONFIRM_MS),
  });
  return { result: asked, facts: [invocationFact('invocation.cancel_requested', asked, { reason })] };
}

/**
 * Stops an invocation that has not ended: at once when it waits, and by its agent when it runs, which the answer
 * shows as `cancel_requested_at`. @throws ExecError invocation_not_found, invocation_terminal
 */
export async function cancel(
  ctx: VerbContext,
  input: ParsedInputOf<typeof cancelInvocation>,
): Promise<Invocation> {
  const reason = input.reason ?? null;
  const row = await mutate(ctx, cancelInvocation, async (tx) => {
    const call = await loadInvocation(ctx, tx.invocations, input.id);
    if (call.status === 'running') return requestCancel(ctx, tx, { call, reason });
    const message = reason === null ? 'cancelled before it ran' : `cancelled before it ran: ${reason}`;
    return cancelWaiting(ctx, tx, { call, event: 'cancel', cause: { code: 'cancelled', message } });
  });
  return presentInvocation(row, ctx.settings);
}
