import { ExecError } from '@xem/errors';
import {
  approvalMachine,
  approveApproval,
  invocationMachine,
  type Approval,
  type ParsedInputOf,
} from '@xem/protocol';
import type { ApprovalRecord, InvocationRecord, PolicyRules, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { VerbContext } from '../context.ts';
import { claimDecided } from '../execution/claim-decided.ts';
import { withSlots, type SlotGuard } from '../execution/slot-guard.ts';
import { invocationFact } from '../invocation/facts.ts';
import { loadInvocation } from '../invocation/get.ts';
import { candidatesOf } from '../invocation/target.ts';
import { mutate, type Change, type Fact } from '../mutate.ts';
import { assertMayDecide, newDecision } from './decision.ts';
import { loadApproval, rulesOf } from './get.ts';
import { presentApproval } from './present.ts';
import { isReached, votersOf } from './quorum.ts';
import { approvalFact, keptOf } from './request.ts';
import { endStaleApproval } from './end-stale.ts';
import { findStaleness, type Staleness } from './staleness.ts';

type ApproveInput = ParsedInputOf<typeof approveApproval>;

interface Pending {
  readonly approval: ApprovalRecord;
  readonly call: InvocationRecord;
  readonly rules: PolicyRules;
}

/** What a vote led to; a stale approval is settled and then refused. */
interface Outcome {
  readonly approval: ApprovalRecord;
  readonly rules: PolicyRules;
  readonly changed: Staleness | null;
}

function assertConfirmed({ approval }: Pending, { confirm }: ApproveInput): void {
  if (!approval.confirmRequired || confirm === approval.tool) return;
  const message = `an irreversible call is approved with its tool's name typed back: confirm must be ${approval.tool}`;
  throw new ExecError('confirmation_required', message, { param: '/confirm' });
}

/** A voice below the quorum: kept, and the approval goes on waiting. */
async function keepVote(
  tx: WriteTx,
  approval: ApprovalRecord,
): Promise<readonly [ApprovalRecord, readonly Fact[]]> {
  const kept = await tx.approvals.save(advance(approvalMachine, approval, 'vote'));
  const voter = kept.decisions.at(-1)?.decided_by ?? null;
  return [kept, [approvalFact('approval.voted', kept, { decided_by: voter })]];
}

/** Lets the call go: approved, queued, and given to an agent that has a free slot. */
async function letGo(
  ctx: VerbContext,
  tx: WriteTx,
  { approval, call, guard }: Pending & { readonly guard: SlotGuard },
): Promise<readonly [ApprovalRecord, readonly Fact[]]> {
  const now = ctx.clock.now();
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
  return [
    approved,
    [
      approvalFact('approval.approved', approved, { decided_by: approved.decidedBy }),
      invocationFact('invocation.queued', queued, { because: 'approved' }),
      ...claimed.facts,
    ],
  ];
}

async function decide(
  ctx: VerbContext,
  tx: WriteTx,
  {
    pending,
    input,
    guard,
  }: { readonly pending: Pending; readonly input: ApproveInput; readonly guard: SlotGuard },
): Promise<Change<Outcome>> {
  const decision = newDecision(ctx, pending.approval, { decision: 'approve', note: input.note ?? null });
  const approval = { ...pending.approval, decisions: [...pending.approval.decisions, decision] };
  const reached = isReached(approval.quorum, votersOf(approval.decisions));
  const [saved, facts] = reached
    ? await letGo(ctx, tx, { ...pending, approval, guard })
    : await keepVote(tx, approval);
  return { result: { approval: saved, rules: pending.rules, changed: null }, facts };
}

const differs = ({ approval }: Pending, { call_sha256: shown }: ApproveInput): boolean =>
  shown !== undefined && shown !== approval.callSha256;

/**
 * Gives a voice for a waiting call; the one that completes the quorum lets it run. What was shown is compared with
 * what would run: a difference settles the approval as withdrawn and nothing runs.
 * @throws ExecError approval_not_found, approval_not_pending, approver_not_eligible, confirmation_required, approval_stale
 */
export async function approve(ctx: VerbContext, input: ApproveInput): Promise<Approval> {
  const outcome = await withSlots(ctx, (guard) =>
    mutate(ctx, approveApproval, async (tx): Promise<Change<Outcome>> => {
      const approval = await loadApproval(ctx, tx.approvals, input.id);
      const rules = await rulesOf(tx.policies, approval);
      assertMayDecide(ctx, { approval, rules });
      const call = await loadInvocation(ctx, tx.invocations, approval.invocationId);
      const pending = { approval, call, rules };
      const changed = differs(pending, input) ? 'call' : await findStaleness(ctx, tx.policies, pending);
      if (changed) return endStaleApproval(ctx, tx, { ...pending, changed });
      assertConfirmed(pending, input);
      return decide(ctx, tx, { pending, input, guard });
    }),
  );
  if (outcome.changed) {
    throw new ExecError(
      'approval_stale',
      `the ${outcome.changed} is no longer what was shown; ask for it again`,
    );
  }
  return presentApproval(ctx, outcome.approval, outcome.rules);
}
