import { approvalMachine, rejectApproval, type Approval, type ParsedInputOf } from '@xem/protocol';
import { advance } from '../advance.ts';
import { spendLink } from '../approval-link/spend.ts';
import type { VerbContext } from '../context.ts';
import { endBy } from '../invocation/end.ts';
import { endCall } from '../invocation/end-call.ts';
import { mutate, type Change } from '../mutate.ts';
import { newDecision } from './decision.ts';
import type { Over } from './load.ts';
import { loadPending } from './pending.ts';
import { presentApproval } from './present.ts';
import { decidedFact, keptOf } from './request.ts';

const messageOf = (name: string, reason: string | null): string =>
  reason === null ? `rejected by ${name}` : `rejected by ${name}: ${reason}`;

/**
 * Refuses a waiting call; one eligible person is enough. The reason goes back to whoever asked.
 * @throws ExecError approval_not_found, approval_not_pending, approver_not_eligible
 */
export async function reject(
  ctx: VerbContext,
  input: ParsedInputOf<typeof rejectApproval>,
): Promise<Approval> {
  const { approval, rules } = await mutate(ctx, rejectApproval, async (tx): Promise<Change<Over>> => {
    const {
      approval: pending,
      call,
      rules: bound,
      by,
      now,
    } = await loadPending(ctx, tx, { id: input.id, act: 'vote' });
    await spendLink(by, tx);
    const { principal } = by.caller;
    const note = input.reason ?? null;
    const rejected = await tx.approvals.save({
      ...advance(approvalMachine, pending, 'reject'),
      decisions: [...pending.decisions, newDecision(by, pending, { decision: 'reject', note, now })],
      decidedBy: principal,
      decisionNote: note,
      decidedAt: now,
    });
    const cause = { code: 'approval_rejected', message: messageOf(principal.name, note) } as const;
    const ended = await endCall(tx, {
      ...endBy(call, 'reject', { now, cause }),
      approval: keptOf(rejected),
    });
    const fact = decidedFact('approval.rejected', rejected);
    return { result: { approval: rejected, rules: bound }, facts: [fact, ended.fact] };
  });
  return presentApproval(ctx, approval, rules);
}
