import type { Approval, Decision } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { ApprovalRecord, DecisionRecord, PolicyRules } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { approvalUrl } from '../invocation/present.ts';
import { authorizeDecision, type Eligibility } from './authorize-decision.ts';
import { countPeople, votersOf } from './quorum.ts';
import { stageAt } from './stage.ts';
import { standingVotes } from './standing-votes.ts';

function stageOf(approval: ApprovalRecord, now: number): Approval['stage'] {
  const { index, groups, expiresAt } = stageAt(approval, now);
  return { index, count: approval.stages.length, groups: [...groups], expires_at: toTimestamp(expiresAt) };
}

const policyOf = ({ policy: { id, name, version } }: ApprovalRecord): Approval['policy'] => ({
  id,
  name,
  version,
});

const presentDecision = ({
  id,
  decision,
  decided_by,
  note,
  channel,
  stage,
  at,
}: DecisionRecord): Decision => ({
  id,
  decision,
  decided_by,
  note,
  channel,
  stage,
  at,
});

const eligibilityOf = (eligibility: Eligibility): Pick<Approval, 'eligible' | 'ineligible_reason'> =>
  eligibility.eligible
    ? { eligible: true, ineligible_reason: null }
    : { eligible: false, ineligible_reason: eligibility.reason };

/** Who agreed: of what waits those whose voice counts now, of what has ended those whose voice counted. */
async function haveOf({ store }: VerbContext, approval: ApprovalRecord): Promise<Approval['quorum']['have']> {
  const { status, quorum, decisions } = approval;
  const counted = status === 'pending' ? await standingVotes(store.read, approval) : decisions;
  return countPeople(quorum, votersOf(counted));
}

/** An approval as it travels; `eligible` speaks of the caller it is shown to. */
export async function presentApproval(
  ctx: VerbContext,
  approval: ApprovalRecord,
  rules: PolicyRules,
): Promise<Approval> {
  const now = ctx.clock.now();
  const eligibility = authorizeDecision({ caller: ctx.caller, approval, rules, now });
  return {
    object: 'approval',
    id: approval.id,
    invocation_id: approval.invocationId,
    project_id: approval.projectId,
    workspace_id: approval.workspaceId,
    status: approval.status,
    kind: approval.kind,
    tool: approval.tool,
    risk: approval.risk,
    tool_digest: approval.toolDigest,
    args: approval.args,
    args_sha256: approval.argsSha256,
    reason: approval.reason,
    call_sha256: approval.callSha256,
    requested_by: approval.requestedBy,
    surface: approval.surface,
    policy: policyOf(approval),
    stage: stageOf(approval, now),
    quorum: { ...approval.quorum, have: await haveOf(ctx, approval) },
    decisions: approval.decisions.map(presentDecision),
    decided_by: approval.decidedBy,
    decision_note: approval.decisionNote,
    ...eligibilityOf(eligibility),
    confirm_required: approval.confirmRequired,
    url: approvalUrl(ctx.settings, approval.id),
    expires_at: toTimestamp(approval.expiresAt),
    created_at: toTimestamp(approval.createdAt),
    decided_at: toTimestampOrNull(approval.decidedAt),
  };
}
