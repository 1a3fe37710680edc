import { breakGlassApproval, type Approval, type ApprovalId, type ParsedInputOf } from '@xem/protocol';
import type { ApprovalRecord, DecisionRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { authorizeDecision } from './authorize-decision.ts';
import { decideOver } from './decide-over.ts';
import { newDecision } from './decision.ts';
import { letGo } from './let-go.ts';
import { loadOver } from './load.ts';
import type { Pending } from './pending.ts';

/** The voice of whoever breaks the glass, marked as what it is. */
function glassBroken({ by, approval, now }: Pending, reason: string): DecisionRecord {
  const decision = newDecision(by, approval, { decision: 'approve', note: reason, now });
  const via = { kind: 'break_glass', id: approval.id, of: decision.decided_by.id } as const;
  return { ...decision, decided_by: { ...decision.decided_by, via } };
}

/**
 * Lets a waiting call run on the word of one human, whatever quorum and stage it waits for. Everything else holds: the
 * call that was shown, the name typed back, whose own call it is, and how the policy wants people to prove themselves.
 * @throws ExecError approval_not_found, approval_not_pending, approver_not_eligible, confirmation_required, approval_stale
 */
export const breakGlass = (
  ctx: VerbContext,
  input: ParsedInputOf<typeof breakGlassApproval>,
): Promise<Approval> =>
  decideOver(ctx, {
    operation: breakGlassApproval,
    act: 'break_glass',
    shown: input,
    lead: (tx, pending) => {
      const decisions = [...pending.approval.decisions, glassBroken(pending, input.reason)];
      const approval: ApprovalRecord = { ...pending.approval, kind: 'break_glass', decisions };
      return letGo(ctx, tx, { ...pending, approval });
    },
  });

/** Whether the caller could break the glass now. @throws ExecError approval_not_found */
export async function mayBreakGlass(ctx: VerbContext, id: ApprovalId): Promise<boolean> {
  const { caller, surface, clock } = ctx;
  const over = await loadOver(ctx, ctx.store.read, id);
  return authorizeDecision({ ...over, caller, surface, now: clock.now(), act: 'break_glass' }).eligible;
}
