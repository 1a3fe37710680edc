import type {
  AgentId,
  EndedBy,
  ExecutionId,
  ExecutionStatus,
  Failure,
  InvocationId,
  ProjectId,
  StreamDigest,
  WorkspaceId,
} from '@xem/protocol';

/** One attempt as it is stored. */
export interface ExecutionRecord {
  readonly id: ExecutionId;
  readonly version: number;
  readonly invocationId: InvocationId;
  readonly projectId: ProjectId;
  readonly workspaceId: WorkspaceId;
  readonly agentId: AgentId;
  readonly tool: string;
  readonly attempt: number;
  readonly status: ExecutionStatus;
  /** The agent's journal when the attempt was dispatched: under another one its outcome is unknown. */
  readonly journalId: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly endedBy: EndedBy | null;
  readonly error: Failure | null;
  readonly stdout: StreamDigest | null;
  readonly stderr: StreamDigest | null;
  readonly evidence: boolean;
  readonly durationMs: number | null;
  readonly outputExpiresAt: number | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** When the session of the agent was lost while this attempt was under way; null while it holds. */
  readonly lostAt: number | null;
}

/** Filters of a list of executions. */
export interface ExecutionFilter {
  readonly status?: ExecutionStatus | undefined;
  readonly tool?: string | undefined;
  readonly workspaceId?: WorkspaceId | undefined;
  readonly agentId?: AgentId | undefined;
  readonly invocationId?: InvocationId | undefined;
  /** At this time or later. */
  readonly createdAfter?: number | undefined;
  readonly createdBefore?: number | undefined;
}
