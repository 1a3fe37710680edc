import { invocationMachine } from '@xem/protocol';
import type { InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import { invocationFact } from '../invocation/facts.ts';
import type { Fact } from '../mutate.ts';

/** Puts a call back in the queue, on the approval it has, if it has one; it waits there until `deadlineAt`. */
export async function requeue(
  tx: WriteTx,
  call: InvocationRecord,
  deadlineAt: number | null,
): Promise<readonly Fact[]> {
  const queued = await tx.invocations.save({
    ...advance(invocationMachine, call, 'requeue'),
    executionId: null,
    agentId: null,
    startedAt: null,
    deadlineAt,
  });
  return [invocationFact('invocation.queued', queued, { because: 'requeued' })];
}
