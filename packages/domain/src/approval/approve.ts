import { approvalMachine, approveApproval, type Approval, type ParsedInputOf } from '@xem/protocol';
import type { ApprovalRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import { spendLink } from '../approval-link/spend.ts';
import type { VerbContext } from '../context.ts';
import type { Fact } from '../mutate.ts';
import { decideOver } from './decide-over.ts';
import { newDecision } from './decision.ts';
import { letGo } from './let-go.ts';
import { isReached, votersOf } from './quorum.ts';
import { decidedFact } from './request.ts';
import { standingVotes } from './standing-votes.ts';

/** A voice below the quorum: kept, and the approval goes on waiting. */
async function keepVote(
  tx: WriteTx,
  approval: ApprovalRecord,
): Promise<readonly [ApprovalRecord, readonly Fact[]]> {
  const kept = await tx.approvals.save(advance(approvalMachine, approval, 'vote'));
  return [kept, [decidedFact('approval.voted', kept)]];
}

/**
 * Gives a voice for a waiting call; the one that completes the quorum lets it run.
 * @throws ExecError approval_not_found, approval_not_pending, approver_not_eligible, confirmation_required, approval_stale
 */
export const approve = (ctx: VerbContext, input: ParsedInputOf<typeof approveApproval>): Promise<Approval> =>
  decideOver(ctx, {
    operation: approveApproval,
    act: 'vote',
    shown: input,
    lead: async (tx, pending) => {
      await spendLink(pending.by, tx);
      const decision = newDecision(pending.by, pending.approval, {
        decision: 'approve',
        note: input.note ?? null,
        now: pending.now,
      });
      const approval = { ...pending.approval, decisions: [...pending.approval.decisions, decision] };
      const reached = isReached(approval.quorum, votersOf(await standingVotes(tx, approval)));
      return reached ? letGo(ctx, tx, { ...pending, approval }) : keepVote(tx, approval);
    },
  });
