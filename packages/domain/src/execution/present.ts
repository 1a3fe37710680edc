import type { Execution } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { ExecutionRecord } from '@xem/store';

/** An execution as it travels. */
export const presentExecution = (row: ExecutionRecord): Execution => ({
  object: 'execution',
  id: row.id,
  invocation_id: row.invocationId,
  project_id: row.projectId,
  workspace_id: row.workspaceId,
  agent_id: row.agentId,
  tool: row.tool,
  attempt: row.attempt,
  status: row.status,
  exit_code: row.exitCode,
  signal: row.signal,
  ended_by: row.endedBy,
  error: row.error,
  stdout: row.stdout,
  stderr: row.stderr,
  evidence: row.evidence,
  duration_ms: row.durationMs,
  output_expires_at: toTimestampOrNull(row.outputExpiresAt),
  created_at: toTimestamp(row.createdAt),
  started_at: toTimestampOrNull(row.startedAt),
  ended_at: toTimestampOrNull(row.endedAt),
});
