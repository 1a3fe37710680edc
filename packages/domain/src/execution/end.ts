import { EXECUTION_TERMINAL, executionMachine, type ExecutionEvent } from '@xem/protocol';
import type { ExecutionRecord, InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { DomainSettings, WriteContext } from '../context.ts';
import type { Fact } from '../mutate.ts';
import { executionEnded } from './facts.ts';

/** Whether an attempt is under way: with its agent, running or not. */
export const isOpen = ({ status }: ExecutionRecord): boolean => !EXECUTION_TERMINAL.has(status);

/** The attempt a call is on, when it is under way. */
export async function openAttemptOf(tx: WriteTx, call: InvocationRecord): Promise<ExecutionRecord | null> {
  if (!call.executionId) return null;
  const attempt = await tx.executions.get(call.projectId, call.executionId);
  return attempt && isOpen(attempt) ? attempt : null;
}

/** Ends an attempt without a word of its agent; what the journal hears of it. */
export async function endAttempt(
  ctx: Pick<WriteContext, 'clock'> & { readonly settings?: Pick<DomainSettings, 'outputRetentionMs'> },
  tx: WriteTx,
  { attempt, event }: { readonly attempt: ExecutionRecord | null; readonly event: ExecutionEvent },
): Promise<readonly Fact[]> {
  if (!attempt) return [];
  const now = ctx.clock.now();
  const ended = {
    ...advance(executionMachine, attempt, event),
    endedAt: now,
    outputExpiresAt: ctx.settings ? now + ctx.settings.outputRetentionMs : null,
  };
  return [executionEnded(await tx.executions.save(ended))];
}
