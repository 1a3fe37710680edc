import { approvalMachine } from '@xem/protocol';
import type { ApprovalRecord, InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { Fact } from '../mutate.ts';
import { approvalFact, gatedCall } from './request.ts';

/** The approval of an invocation whose call will not run, withdrawn; what the journal hears of it. */
export async function withdrawApproval(
  tx: WriteTx,
  call: InvocationRecord,
  { now, because }: { readonly now: number; readonly because: string },
): Promise<readonly Fact[]> {
  const approval = await pendingApproval(tx, call);
  if (!approval) return [];
  const withdrawn = await tx.approvals.save({
    ...advance(approvalMachine, approval, 'withdraw'),
    decidedAt: now,
  });
  return [approvalFact('approval.withdrawn', withdrawn, { ...gatedCall(withdrawn), because })];
}

async function pendingApproval(tx: WriteTx, call: InvocationRecord): Promise<ApprovalRecord | null> {
  if (!call.approval) return null;
  const approval = await tx.approvals.get(call.projectId, call.approval.id);
  return approval?.status === 'pending' ? approval : null;
}
