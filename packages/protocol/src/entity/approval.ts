import { z } from 'zod';
import { hashJson } from '../hash.ts';
import {
  AgentId,
  ApprovalId,
  InvocationId,
  Milliseconds,
  PolicyId,
  PrincipalId,
  ProjectId,
  Sha256,
  Timestamp,
  ToolName,
  WorkspaceId,
} from '../id.ts';
import { APPROVAL_STATUSES } from '../state/approval.ts';
import { PrincipalRef, Surface } from './principal.ts';
import { Risk } from './tool.ts';

export const ApprovalStatusWord = z.enum(APPROVAL_STATUSES);

/** How an approval came to be. */
export const APPROVAL_KINDS = ['policy', 'standing', 'break_glass'] as const;

/** The way a decision came in. */
export const DecisionChannel = z.enum(['rest', 'cli', 'console', 'page', 'link']);
export type DecisionChannel = z.infer<typeof DecisionChannel>;

/** One person's voice. */
export const Decision = z.object({
  id: z.string(),
  decision: z.enum(['approve', 'reject']),
  decided_by: PrincipalRef,
  note: z.string().nullable(),
  channel: DecisionChannel,
  stage: z.int().min(0),
  at: Timestamp,
});
export type Decision = z.infer<typeof Decision>;

const People = z.array(z.object({ group: z.string(), count: z.int().min(0) }));

/** The human decision that a gated call waits for. `eligible` speaks of the caller who reads it. */
export const Approval = z
  .object({
    object: z.literal('approval'),
    id: ApprovalId,
    invocation_id: InvocationId,
    project_id: ProjectId,
    workspace_id: WorkspaceId,
    status: ApprovalStatusWord,
    kind: z.enum(APPROVAL_KINDS),
    tool: ToolName,
    risk: Risk,
    tool_digest: Sha256,
    args: z.record(z.string(), z.unknown()),
    args_sha256: Sha256,
    reason: z.string().nullable(),
    call_sha256: Sha256,
    requested_by: PrincipalRef,
    surface: Surface,
    policy: z.object({ id: PolicyId, name: z.string(), version: z.int().min(1) }),
    stage: z.object({
      index: z.int().min(0),
      count: z.int().min(1),
      groups: z.array(z.string()),
      expires_at: Timestamp,
    }),
    quorum: z.object({ any_of: People.optional(), all_of: People.optional(), have: People }),
    decisions: z.array(Decision),
    decided_by: PrincipalRef.nullable(),
    decision_note: z.string().nullable(),
    eligible: z.boolean(),
    ineligible_reason: z.string().nullable(),
    confirm_required: z.boolean(),
    url: z.url(),
    expires_at: Timestamp,
    created_at: Timestamp,
    decided_at: Timestamp.nullable(),
  })
  .meta({ id: 'Approval' });
export type Approval = z.infer<typeof Approval>;

/** Everything a decision is bound to. A member without a value is null, never left out. */
export const Call = z.strictObject({
  v: z.literal(1),
  project_id: ProjectId,
  workspace_id: WorkspaceId,
  tool: ToolName,
  tool_digest: Sha256,
  args: z.record(z.string(), z.unknown()),
  pinned_agent_id: AgentId.nullable(),
  timeout_ms: Milliseconds,
  requester: PrincipalId,
  policy_id: PolicyId,
  policy_version: z.int().min(1),
});
export type Call = z.infer<typeof Call>;

/** The hash a decision is over; the agent computes it again from its signed order. */
export const callSha256 = (call: Call): string => hashJson(call);
