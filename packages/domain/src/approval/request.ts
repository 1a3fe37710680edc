import { SECOND_MS, ApprovalId, hashJson, type EntryData, type EntryTypeOf } from '@xem/protocol';
import type { ApprovalRecord, InvocationRecord, PolicyRecord } from '@xem/store';
import { familyOf } from '../api-key/families.ts';
import type { VerbContext } from '../context.ts';
import type { Fact, FactOf } from '../mutate.ts';
import { gateOf } from '../policy/rules.ts';
import { hashCall } from './call.ts';

/** The stages of an approval: the policy's own, then its chain. */
function stagesOf(
  { rules }: PolicyRecord,
  gate: ReturnType<typeof gateOf>,
  now: number,
): ApprovalRecord['stages'] {
  const chain = rules.onTimeout[gate] === 'escalate' ? rules.escalationChain : [];
  const steps = [{ groups: [], timeoutSeconds: rules.timeoutSeconds[gate] }, ...chain];
  let expiresAt = now;
  return steps.map(({ groups, timeoutSeconds }) => {
    expiresAt += timeoutSeconds * SECOND_MS;
    return { groups, expiresAt };
  });
}

/** The approval that a gated call waits for, bound to exactly this call. */
export function requestApproval(
  ctx: VerbContext,
  { call, policy }: { readonly call: InvocationRecord; readonly policy: PolicyRecord },
): ApprovalRecord {
  const now = call.createdAt;
  const gate = gateOf(call.risk);
  const stages = stagesOf(policy, gate, now);
  return {
    id: ApprovalId.parse(ctx.ids.uuid()),
    version: 1,
    invocationId: call.id,
    projectId: call.projectId,
    workspaceId: call.workspaceId,
    status: 'pending',
    kind: 'policy',
    tool: call.tool,
    risk: call.risk,
    toolDigest: call.toolDigest,
    args: call.args,
    argsSha256: call.argsSha256,
    reason: call.reason,
    callSha256: hashCall(call, policy),
    requestedBy: call.requestedBy,
    requestFamily: familyOf(ctx.caller.credential),
    surface: call.surface,
    policy: {
      id: policy.id,
      name: policy.name,
      version: policy.version,
      rulesSha256: hashJson(policy.rules),
    },
    stages,
    stageIndex: 0,
    quorum: policy.rules.quorum[gate],
    decisions: [],
    decidedBy: null,
    decisionNote: null,
    confirmRequired: gate === 'irreversible' && policy.rules.requireConfirmIrreversible,
    stageExpiresAt: stages[0]?.expiresAt ?? now,
    expiresAt: stages.at(-1)?.expiresAt ?? now,
    createdAt: now,
    decidedAt: null,
  };
}

/** What a call keeps of its approval. */
export const keptOf = ({ id, status, expiresAt }: ApprovalRecord): InvocationRecord['approval'] => ({
  id,
  status,
  expiresAt,
});

type DecidedType = `approval.${'voted' | 'approved' | 'rejected'}`;

/** What every entry of an approval says of it. */
export const gatedCall = ({ tool, callSha256, stageIndex }: ApprovalRecord) => ({
  tool,
  call_sha256: callSha256,
  stage: stageIndex,
});

/** What the journal hears of an approval. */
export const approvalFact = <Type extends EntryTypeOf<'approval'>>(
  type: Type,
  row: ApprovalRecord,
  data: EntryData<Type>,
): FactOf<Type> => ({
  type,
  subject: { type: 'approval', id: row.id },
  refs: { invocation_id: row.invocationId, approval_id: row.id, workspace_id: row.workspaceId },
  data,
});

/** So much of a note fits into an entry, however it is written. */
const NOTE_CHARS_MAX = 500;

/** What the journal hears of an approval's last decision: whose it was, and the beginning of what they said with it. */
export function decidedFact(type: DecidedType, row: ApprovalRecord): Fact {
  const last = row.decisions.at(-1);
  const note = last?.note?.slice(0, NOTE_CHARS_MAX).toWellFormed() ?? null;
  return approvalFact(type, row, {
    ...gatedCall(row),
    decided_by: last?.decided_by ?? null,
    channel: last?.channel ?? null,
    note,
  });
}
