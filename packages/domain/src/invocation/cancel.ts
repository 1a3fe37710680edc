import { cancelInvocation, invocationMachine, type Invocation, type ParsedInputOf } from '@xem/protocol';
import type { InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import { withdrawApproval } from '../approval/withdraw.ts';
import type { ProjectContext, VerbContext } from '../context.ts';
import { openAttemptOf } from '../execution/end.ts';
import { mutate, type Change } from '../mutate.ts';
import { endBy, NEVER_RAN, type EndCause } from './end.ts';
import { endCall } from './end-call.ts';
import { invocationFact } from './facts.ts';
import { loadInvocation } from './get.ts';
import { presentInvocation } from './present.ts';

/** SIGTERM, five seconds, SIGKILL, and as long again for the word to come back. */
const CANCEL_CONFIRM_MS = 15_000;

interface Cancellation {
  readonly call: InvocationRecord;
  readonly event: 'cancel' | 'revokeRequester';
  readonly cause: EndCause;
}

/** Cancels a call that no agent has, and the approval that waited with it. */
async function cancelWaiting(
  ctx: ProjectContext,
  tx: WriteTx,
  { call, event, cause }: Cancellation,
): Promise<Change<InvocationRecord>> {
  const now = ctx.clock.now();
  const withdrawn = await withdrawApproval(tx, call, { now, because: cause.code });
  const approval =
    call.approval?.status === 'pending' ? { ...call.approval, status: 'withdrawn' as const } : call.approval;
  const { row, fact } = await endCall(tx, { ...endBy(call, event, { now, cause }), approval });
  return { result: row, facts: [...withdrawn, fact] };
}

/** Asks the agent for the end of a call that it has, running or on the way to it. Asking again changes nothing. */
async function requestCancel(
  ctx: ProjectContext,
  tx: WriteTx,
  { call, reason }: { readonly call: InvocationRecord; readonly reason: string | null },
): Promise<Change<InvocationRecord>> {
  if (call.cancelRequestedAt !== null) return { result: call, facts: [] };
  const now = ctx.clock.now();
  const asked = await tx.invocations.save({
    ...advance(invocationMachine, call, call.status === 'running' ? 'requestCancel' : 'recallOrder'),
    cancelRequestedAt: now,
    deadlineAt: Math.min(call.deadlineAt ?? Infinity, now + CANCEL_CONFIRM_MS),
  });
  return { result: asked, facts: [invocationFact('invocation.cancel_requested', asked, { reason })] };
}

/** Stops a call: at once while no agent has it; otherwise its agent has the last word on whether it ran. */
export async function stopCall(
  ctx: ProjectContext,
  tx: WriteTx,
  cancellation: Cancellation & { readonly reason: string | null },
): Promise<Change<InvocationRecord>> {
  const withAgent = await openAttemptOf(tx, cancellation.call);
  return withAgent ? requestCancel(ctx, tx, cancellation) : cancelWaiting(ctx, tx, cancellation);
}

/**
 * Stops an invocation that has not ended: at once when it waits, and by its agent when one has it, which the answer
 * shows as `cancel_requested_at`. @throws ExecError invocation_not_found, invocation_terminal
 */
export async function cancel(
  ctx: VerbContext,
  input: ParsedInputOf<typeof cancelInvocation>,
): Promise<Invocation> {
  const reason = input.reason ?? null;
  const row = await mutate(ctx, cancelInvocation, async (tx) => {
    const call = await loadInvocation(ctx, tx.invocations, input.id);
    const cause = reason === null ? NEVER_RAN : { ...NEVER_RAN, message: `${NEVER_RAN.message}: ${reason}` };
    return stopCall(ctx, tx, { call, event: 'cancel', cause, reason });
  });
  return presentInvocation(row, ctx.settings);
}
