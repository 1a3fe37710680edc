import { invocationMachine } from '@xem/protocol';
import type { InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { ProjectContext } from '../context.ts';
import { invocationFact } from '../invocation/facts.ts';
import type { Fact } from '../mutate.ts';
import { waiting } from '../pause/hold.ts';

/** Puts a call back in the queue, on the approval it has, if it has one; it waits there until `deadlineAt`. */
export async function requeue(
  ctx: ProjectContext,
  tx: WriteTx,
  { call, deadlineAt }: { readonly call: InvocationRecord; readonly deadlineAt: number | null },
): Promise<readonly Fact[]> {
  const back = {
    ...advance(invocationMachine, call, 'requeue'),
    executionId: null,
    agentId: null,
    startedAt: null,
    deadlineAt,
  };
  const queued = await tx.invocations.save(waiting(ctx, back));
  return [invocationFact('invocation.queued', queued, { because: 'requeued' })];
}
