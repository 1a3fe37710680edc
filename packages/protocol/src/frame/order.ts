import { z } from 'zod';
import { APPROVAL_KINDS } from '../entity/approval.ts';
import { Risk } from '../entity/tool.ts';
import {
  AgentId,
  ApprovalId,
  ExecutionId,
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
import { AttemptKey, Bytes, SessionName, Signature, V1 } from './wire.ts';

/** The proof of a human's decision that travels with a gated order. */
export const ApprovalReceipt = z.strictObject({
  id: ApprovalId,
  kind: z.enum(APPROVAL_KINDS),
  call_sha256: Sha256,
  deciders: z.array(PrincipalId).min(1),
  decided_at: Timestamp,
});
export type ApprovalReceipt = z.infer<typeof ApprovalReceipt>;

/** One attempt to be run, as RFC 8785 JSON. On another session or epoch than its own it is dead. */
export const WorkOrder = z.strictObject({
  ctx: z.literal('xem/order/1'),
  project_id: ProjectId,
  invocation_id: InvocationId,
  execution_id: ExecutionId,
  attempt: z.int().min(1),
  agent_id: AgentId,
  session: SessionName,
  epoch: z.int().min(1),
  workspace_id: WorkspaceId,
  tool: ToolName,
  tool_digest: Sha256,
  args: z.record(z.string(), z.unknown()),
  args_sha256: Sha256,
  risk: Risk,
  timeout_ms: Milliseconds,
  issued_at: Timestamp,
  expires_at: Timestamp,
  traceparent: z.string().optional(),
  pinned_agent_id: AgentId.optional(),
  requester: PrincipalId,
  policy_id: PolicyId.optional(),
  policy_version: z.int().min(1).optional(),
  approval: ApprovalReceipt.optional(),
});
export type WorkOrder = z.infer<typeof WorkOrder>;

/** `order` is the RFC 8785 JSON of a `WorkOrder`; `sig` is over these bytes and there for every gated order. */
export const DispatchBody = z.strictObject({ ...V1, order: Bytes, sig: Signature.optional() });
export type DispatchBody = z.infer<typeof DispatchBody>;

export const AcceptBody = z.strictObject({ ...V1, ...AttemptKey.shape });
export type AcceptBody = z.infer<typeof AcceptBody>;

/** Refusals that say "not now": the call goes back to the queue, and no attempt failed. */
export const REFUSALS_FOR_NOW = ['slots', 'paused', 'draining', 'unknown_workspace'] as const;

/** Why an agent does not take an order: not now, or never, which ends the call. */
export const REFUSALS = [...REFUSALS_FOR_NOW, 'signature', 'digest', 'receipt', 'local_policy'] as const;
export const RefusalReason = z.enum(REFUSALS);
export type RefusalReason = z.infer<typeof RefusalReason>;

export const RefuseBody = z.strictObject({
  ...V1,
  ...AttemptKey.shape,
  reason: RefusalReason,
  message: z.string().max(1000),
});
export type RefuseBody = z.infer<typeof RefuseBody>;

/** Stops an attempt: SIGTERM to its process group, SIGKILL after 5 s. */
export const CancelBody = z.strictObject({ ...V1, ...AttemptKey.shape, reason: z.string().max(500) });
export type CancelBody = z.infer<typeof CancelBody>;
