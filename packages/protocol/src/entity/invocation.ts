import { z } from 'zod';
import {
  AgentId,
  ApprovalId,
  ExecutionId,
  InvocationId,
  Milliseconds,
  PolicyId,
  ProjectId,
  Sha256,
  Timestamp,
  ToolName,
  WorkspaceId,
} from '../id.ts';
import { APPROVAL_STATUSES } from '../state/approval.ts';
import { INVOCATION_STATUSES } from '../state/invocation.ts';
import { PrincipalRef, Surface } from './principal.ts';
import { Risk, ToolDescriptor } from './tool.ts';

export const InvocationStatusWord = z.enum(INVOCATION_STATUSES);

/** Canonical arguments are at most this many bytes. */
export const ARGS_BYTES_MAX = 256 * 1024;

/** The first bytes of standard output that an answer may carry. */
export const OUTPUT_EXCERPT_BYTES = 64 * 1024;

/** Why a caller asks, shown to approvers and journalled. */
export const Reason = z.string().max(500);

/** Why a call ended, with a code of the catalogue. */
export const Failure = z.object({ code: z.string(), message: z.string() });
export type Failure = z.infer<typeof Failure>;

export const INVOCATION_ACTIONS = ['cancel', 'approve', 'reject', 'rerun'] as const;

/** One requested tool call. */
export const Invocation = z
  .object({
    object: z.literal('invocation'),
    id: InvocationId,
    project_id: ProjectId,
    workspace_id: WorkspaceId,
    tool: ToolName,
    risk: Risk,
    domain: z.string(),
    tool_digest: Sha256,
    args_sha256: Sha256,
    args: z.record(z.string(), z.unknown()),
    status: InvocationStatusWord,
    surface: Surface,
    requested_by: PrincipalRef,
    reason: z.string().nullable(),
    pinned_agent_id: AgentId.nullable(),
    agent_id: AgentId.nullable(),
    timeout_ms: Milliseconds,
    attempt: z.int().min(0),
    execution_id: ExecutionId.nullable(),
    approval: z
      .object({ id: ApprovalId, status: z.enum(APPROVAL_STATUSES), url: z.url(), expires_at: Timestamp })
      .nullable(),
    cancel_requested_at: Timestamp.nullable(),
    error: Failure.nullable(),
    result: z
      .object({
        exit_code: z.int().nullable(),
        signal: z.string().nullable(),
        stdout_bytes: z.int().min(0),
        stderr_bytes: z.int().min(0),
        duration_ms: Milliseconds,
      })
      .nullable(),
    output: z.object({ text: z.string(), truncated: z.boolean() }).nullable().optional(),
    rerun_of: ExecutionId.nullable(),
    trace_id: z.string().nullable(),
    actions: z.array(z.enum(INVOCATION_ACTIONS)),
    created_at: Timestamp,
    queued_at: Timestamp.nullable(),
    started_at: Timestamp.nullable(),
    ended_at: Timestamp.nullable(),
    deadline_at: Timestamp.nullable(),
  })
  .meta({ id: 'Invocation' });
export type Invocation = z.infer<typeof Invocation>;

/** How many people must agree: one of the rows, or all of them. `*` stands for everybody. */
export const Quorum = z.union([
  z.strictObject({ any_of: z.array(z.strictObject({ group: z.string(), count: z.int().min(1) })).min(1) }),
  z.strictObject({ all_of: z.array(z.strictObject({ group: z.string(), count: z.int().min(1) })).min(1) }),
]);
export type Quorum = z.infer<typeof Quorum>;

/** What a call would do, asked with `dry_run`. Nothing is stored. */
export const InvocationPlan = z
  .object({
    object: z.literal('invocation_plan'),
    workspace_id: WorkspaceId,
    tool: ToolDescriptor,
    agents: z.array(AgentId),
    decision: z.enum(['run', 'approval', 'standing']),
    policy: z.object({ id: PolicyId, version: z.int() }).nullable(),
    approvers: z.object({ quorum: Quorum, eligible: z.int().min(0) }).nullable(),
  })
  .meta({ id: 'InvocationPlan' });
export type InvocationPlan = z.infer<typeof InvocationPlan>;
