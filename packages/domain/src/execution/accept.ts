import { executionMachine, invocationMachine } from '@xem/protocol';
import type { InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import { internalOperation, type ProjectContext } from '../context.ts';
import { invocationFact } from '../invocation/facts.ts';
import { mutate, type Fact } from '../mutate.ts';
import { loadAttempt, type Attempt, type AttemptRef } from './attempt.ts';

const acceptExecution = internalOperation('execution.accept');

/** The agent ends a run at `timeout_ms` by itself; this much later its word is no longer waited for. */
const RESULT_GRACE_MS = 10_000;

/** Until when the result of a run is waited for. */
export const resultDeadline = ({ timeoutMs }: InvocationRecord, startedAt: number): number =>
  startedAt + timeoutMs + RESULT_GRACE_MS;

/** A cancel that was asked for while the order was on its way keeps its own, shorter time. */
const deadlineOf = (call: InvocationRecord, startedAt: number): number =>
  Math.min(
    call.cancelRequestedAt === null ? Infinity : (call.deadlineAt ?? Infinity),
    resultDeadline(call, startedAt),
  );

/** Whether a run may go on, or must be stopped because nobody waits for it any more. */
export type AcceptAnswer = 'running' | 'abort';

/** An attempt and its invocation, both running, and what the journal hears of it. */
type Started = Attempt & { readonly facts: readonly Fact[] };

/** An attempt that its agent has begun with, and its invocation, as they are to be saved. */
export function started({ clock }: ProjectContext, { execution, invocation }: Attempt): Started {
  const now = clock.now();
  const running: InvocationRecord = {
    ...advance(invocationMachine, invocation, 'start'),
    startedAt: now,
    deadlineAt: deadlineOf(invocation, now),
  };
  return {
    execution: { ...advance(executionMachine, execution, 'accept'), startedAt: now, lostAt: null },
    invocation: running,
    current: true,
    facts: [invocationFact('invocation.started', running, { attempt: execution.attempt })],
  };
}

/** Saves that an agent has begun with an attempt. */
export async function startAttempt(ctx: ProjectContext, tx: WriteTx, attempt: Attempt): Promise<Started> {
  const begun = started(ctx, attempt);
  return {
    ...begun,
    execution: await tx.executions.save(begun.execution),
    invocation: await tx.invocations.save(begun.invocation),
  };
}

/** Hears that an agent runs an attempt. A second word changes nothing. @throws ForeignAttemptError */
export const accept = (ctx: ProjectContext, ref: AttemptRef): Promise<AcceptAnswer> =>
  mutate<AcceptAnswer>(ctx, acceptExecution, async (tx) => {
    const attempt = await loadAttempt(tx, ref);
    if (attempt.execution.status === 'running') return { result: 'running', facts: [] };
    if (attempt.execution.status !== 'dispatched' || !attempt.current) return { result: 'abort', facts: [] };
    const { facts } = await startAttempt(ctx, tx, attempt);
    return { result: 'running', facts };
  });
