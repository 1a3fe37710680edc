import { INVOCATION_TERMINAL, invocationMachine, type Invocation } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { InvocationRecord } from '@xem/store';
import { allows } from '../advance.ts';
import type { DomainSettings } from '../context.ts';

const TRACE_ID_AT = { from: 3, to: 35 };

/** Where people decide an approval. The address holds no secret. */
export const approvalUrl = ({ publicUrl }: DomainSettings, approvalId: string): string =>
  `${publicUrl}/approvals/${approvalId}`;

/** What may be done with an invocation now, read from its state machine. */
function actionsOf(row: InvocationRecord): Invocation['actions'] {
  const cancellable = !INVOCATION_TERMINAL.has(row.status) && row.cancelRequestedAt === null;
  return [
    ...(cancellable ? (['cancel'] as const) : []),
    ...(allows(invocationMachine, row.status, 'approve') ? (['approve', 'reject'] as const) : []),
    ...(INVOCATION_TERMINAL.has(row.status) && row.executionId !== null ? (['rerun'] as const) : []),
  ];
}

const resultOf = ({ result }: InvocationRecord): Invocation['result'] =>
  result && {
    exit_code: result.exitCode,
    signal: result.signal,
    stdout_bytes: result.stdoutBytes,
    stderr_bytes: result.stderrBytes,
    duration_ms: result.durationMs,
  };

const approvalOf = ({ approval }: InvocationRecord, settings: DomainSettings): Invocation['approval'] =>
  approval && {
    id: approval.id,
    status: approval.status,
    url: approvalUrl(settings, approval.id),
    expires_at: toTimestamp(approval.expiresAt),
  };

/** An invocation as it travels. */
export function presentInvocation(row: InvocationRecord, settings: DomainSettings): Invocation {
  return {
    object: 'invocation',
    id: row.id,
    project_id: row.projectId,
    workspace_id: row.workspaceId,
    tool: row.tool,
    risk: row.risk,
    domain: row.domain,
    tool_digest: row.toolDigest,
    args_sha256: row.argsSha256,
    args: row.args,
    status: row.status,
    surface: row.surface,
    requested_by: row.requestedBy,
    reason: row.reason,
    pinned_agent_id: row.pinnedAgentId,
    agent_id: row.agentId,
    timeout_ms: row.timeoutMs,
    attempt: row.attempt,
    execution_id: row.executionId,
    approval: approvalOf(row, settings),
    cancel_requested_at: toTimestampOrNull(row.cancelRequestedAt),
    error: row.error,
    result: resultOf(row),
    rerun_of: row.rerunOf,
    trace_id: row.traceparent?.slice(TRACE_ID_AT.from, TRACE_ID_AT.to) ?? null,
    actions: actionsOf(row),
    created_at: toTimestamp(row.createdAt),
    queued_at: toTimestampOrNull(row.queuedAt),
    started_at: toTimestampOrNull(row.startedAt),
    ended_at: toTimestampOrNull(row.endedAt),
    deadline_at: toTimestampOrNull(row.deadlineAt),
  };
}
