import { approvalMachine, invocationMachine } from '@xem/protocol';
import type { ApprovalRecord, InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { ProjectContext } from '../context.ts';
import { endBy } from '../invocation/end.ts';
import { endCall } from '../invocation/end-call.ts';
import type { Fact } from '../mutate.ts';
import { approvalFact, gatedCall, keptOf } from './request.ts';

interface Overdue {
  readonly approval: ApprovalRecord;
  readonly call: InvocationRecord;
}

/** Passes an approval on to the next stage of its chain. */
async function escalate(tx: WriteTx, { approval, call }: Overdue): Promise<readonly Fact[]> {
  const stageIndex = approval.stageIndex + 1;
  const stageExpiresAt = approval.stages[stageIndex]?.expiresAt ?? approval.expiresAt;
  const moved = { ...advance(approvalMachine, approval, 'escalate'), stageIndex, stageExpiresAt };
  const escalated = await tx.approvals.save(moved);
  await tx.invocations.save({ ...advance(invocationMachine, call, 'escalate'), deadlineAt: stageExpiresAt });
  return [approvalFact('approval.escalated', escalated, gatedCall(escalated))];
}

/** Ends an approval nobody gave in time, and its call with it. */
async function expire(tx: WriteTx, { approval, call }: Overdue, now: number): Promise<readonly Fact[]> {
  const expired = await tx.approvals.save({
    ...advance(approvalMachine, approval, 'expire'),
    decidedAt: now,
  });
  const cause = { code: 'approval_expired', message: 'nobody decided in time' } as const;
  const { fact } = await endCall(tx, {
    ...endBy(call, 'expire', { now, cause }),
    approval: keptOf(expired),
  });
  return [approvalFact('approval.expired', expired, gatedCall(expired)), fact];
}

/** What becomes of a call whose approval's stage is over: the next stage, or the end. */
export async function passDeadline(
  ctx: ProjectContext,
  tx: WriteTx,
  call: InvocationRecord,
): Promise<readonly Fact[]> {
  const approval = call.approval && (await tx.approvals.get(call.projectId, call.approval.id));
  if (approval?.status !== 'pending') throw new Error(`invocation ${call.id} waits for no pending approval`);
  const last = approval.stageIndex >= approval.stages.length - 1;
  return last ? expire(tx, { approval, call }, ctx.clock.now()) : escalate(tx, { approval, call });
}
