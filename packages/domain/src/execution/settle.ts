import { executionMachine } from '@xem/protocol';
import type { ExecutionRecord, InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import { internalOperation, type ProjectContext } from '../context.ts';
import { endBy } from '../invocation/end.ts';
import { endCall } from '../invocation/end-call.ts';
import { boundVariant } from '../invocation/target.ts';
import { mutate, type Change, type Fact } from '../mutate.ts';
import { started } from './accept.ts';
import { loadAttempt, type Attempt, type AttemptRef } from './attempt.ts';
import { isOpen } from './end.ts';
import { evidenceKept, executionEnded } from './facts.ts';
import {
  endingOf,
  resultOf,
  UNTOLD_MEDIA_TYPE,
  withReport,
  type Report,
  type StoredOutput,
} from './outcome.ts';

const settleExecution = internalOperation('execution.settle');

/** The end of an attempt, as its agent reports it and with what the router stored of its output. */
export interface Settlement extends AttemptRef {
  readonly report: Report;
  readonly stored: StoredOutput;
}

/** What the tool of a call says its output is; nothing is known of a tool that nobody publishes any more. */
const mediaTypeOf = (ctx: ProjectContext, call: InvocationRecord): string =>
  boundVariant(ctx, call)?.definition.output.media_type ?? UNTOLD_MEDIA_TYPE;

/** What a late report leaves: it is kept on its execution, and moves nothing. */
async function keepEvidence(tx: WriteTx, row: ExecutionRecord): Promise<Change<void>> {
  const kept = await tx.executions.save({ ...row, evidence: true });
  return {
    result: undefined,
    facts: [evidenceKept(kept)],
  };
}

/** An attempt whose accept came with its result, or never, is started first, so that its history reads right. */
const ensureStarted = (
  ctx: ProjectContext,
  attempt: Attempt,
): Attempt & { readonly facts: readonly Fact[] } =>
  attempt.execution.status === 'running' ? { ...attempt, facts: [] } : started(ctx, attempt);

/**
 * Settles an attempt, and with it its invocation when it is the current one. A report that comes twice changes
 * nothing, one that comes too late is kept as evidence. @throws ForeignAttemptError, and ExecError unavailable when
 * its output could not be stored: the agent repeats a report that was not acknowledged
 */
export const settle = (ctx: ProjectContext, settlement: Settlement): Promise<void> =>
  mutate<void>(ctx, settleExecution, async (tx) => {
    const now = ctx.clock.now();
    const { report, stored } = settlement;
    const attempt = await loadAttempt(tx, settlement);
    const reported = (row: ExecutionRecord): ExecutionRecord =>
      withReport(row, report, {
        stored,
        now,
        retentionMs: ctx.settings.outputRetentionMs,
        mediaType: mediaTypeOf(ctx, attempt.invocation),
      });
    if (attempt.execution.stdout !== null) return { result: undefined, facts: [] };
    await tx.outputs.confirm(attempt.execution.id, stored);
    if (!isOpen(attempt.execution) || !attempt.current) return keepEvidence(tx, reported(attempt.execution));
    const { execution, invocation, facts } = ensureStarted(ctx, attempt);
    const ending = endingOf(invocation, report);
    const ended = await tx.executions.save({
      ...reported(advance(executionMachine, execution, ending.executionEvent)),
      error: ending.cause,
      lostAt: null,
    });
    const { fact } = await endCall(tx, {
      ...endBy(invocation, ending.invocationEvent, { now, cause: ending.cause }),
      result: resultOf(ended),
    });
    return { result: undefined, facts: [...facts, executionEnded(ended), fact] };
  });
