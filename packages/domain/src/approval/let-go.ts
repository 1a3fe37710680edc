import { approvalMachine, invocationMachine } from '@xem/protocol';
import type { ApprovalRecord, InvocationRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { VerbContext } from '../context.ts';
import { claimDecided } from '../execution/claim-decided.ts';
import type { SlotGuard } from '../execution/slot-guard.ts';
import { invocationFact } from '../invocation/facts.ts';
import { candidatesOf } from '../invocation/target.ts';
import type { Fact } from '../mutate.ts';
import { approvalFact, decidedFact, gatedCall, keptOf } from './request.ts';

/** An approval whose last decision completes it, and the call that it is over. */
export interface Decided {
  readonly approval: ApprovalRecord;
  readonly call: InvocationRecord;
  readonly guard: SlotGuard;
  /** When it was decided. */
  readonly now: number;
}

function approvedFact(approved: ApprovalRecord): Fact {
  if (approved.kind !== 'break_glass') return decidedFact('approval.approved', approved);
  const { decidedBy, decisionNote } = approved;
  const told = { ...gatedCall(approved), decided_by: decidedBy, reason: decisionNote };
  return approvalFact('approval.break_glass', approved, told);
}

/** Lets the call go: approved, queued, and given to an agent that has a free slot. */
export async function letGo(
  ctx: VerbContext,
  tx: WriteTx,
  { approval, call, guard, now }: Decided,
): Promise<readonly [ApprovalRecord, readonly Fact[]]> {
  const last = approval.decisions.at(-1);
  const approved = await tx.approvals.save({
    ...advance(approvalMachine, approval, 'approve'),
    decidedBy: last?.decided_by ?? null,
    decisionNote: last?.note ?? null,
    decidedAt: now,
  });
  const queued = await tx.invocations.save({
    ...advance(invocationMachine, call, 'approve'),
    approval: keptOf(approved),
    queuedAt: now,
    deadlineAt: now + ctx.settings.queueTimeoutMs,
  });
  const claimed = await claimDecided(ctx, tx, {
    invocation: queued,
    agents: candidatesOf(ctx, queued),
    newcomer: true,
    guard,
  });
  const queuedFact = invocationFact('invocation.queued', queued, { because: 'approved' });
  return [approved, [approvedFact(approved), queuedFact, ...claimed.facts]];
}
