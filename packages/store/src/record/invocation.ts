import type {
  AgentId,
  ApiKeyId,
  ApprovalId,
  ApprovalStatus,
  ExecutionId,
  Failure,
  InvocationId,
  InvocationStatus,
  PrincipalRef,
  ProjectId,
  Risk,
  Surface,
  ToolName,
  WorkspaceId,
} from '@xem/protocol';
import type { z } from 'zod';

/** A requested call as it is stored. Times are milliseconds since 1970; `version` grows with every save. */
export interface InvocationRecord {
  readonly id: InvocationId;
  readonly version: number;
  readonly projectId: ProjectId;
  readonly workspaceId: WorkspaceId;
  readonly tool: z.infer<typeof ToolName>;
  readonly risk: Risk;
  readonly domain: string;
  readonly toolDigest: string;
  /** Whether the definition that was bound lets a lost attempt run again. */
  readonly idempotent: boolean;
  readonly args: Readonly<Record<string, unknown>>;
  readonly argsSha256: string;
  readonly status: InvocationStatus;
  readonly surface: Surface;
  readonly requestedBy: PrincipalRef;
  readonly keyId: ApiKeyId | null;
  readonly reason: string | null;
  readonly pinnedAgentId: AgentId | null;
  readonly agentId: AgentId | null;
  readonly timeoutMs: number;
  /** The fencing token: grows with every dispatch. */
  readonly attempt: number;
  /** Attempts that lost their agent. */
  readonly losses: number;
  readonly executionId: ExecutionId | null;
  readonly approval: {
    readonly id: ApprovalId;
    readonly status: ApprovalStatus;
    readonly expiresAt: number;
  } | null;
  readonly cancelRequestedAt: number | null;
  readonly error: Failure | null;
  readonly result: {
    readonly exitCode: number | null;
    readonly signal: string | null;
    readonly stdoutBytes: number;
    readonly stderrBytes: number;
    readonly durationMs: number;
  } | null;
  readonly rerunOf: ExecutionId | null;
  readonly traceparent: string | null;
  /** Credits kept back for it until it ends; null when its project is not metered. */
  readonly creditReserved: number | null;
  readonly createdAt: number;
  readonly queuedAt: number | null;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** When the present state must have ended; null once terminal. */
  readonly deadlineAt: number | null;
  /** Since when a pause holds a queued call; its deadline stands still meanwhile. */
  readonly heldAt: number | null;
  /** What was left of the deadline when the pause began to hold it. */
  readonly heldRemainingMs: number | null;
}

/** Calls that the same agents could take. */
export type CallKind = Pick<
  InvocationRecord,
  'projectId' | 'workspaceId' | 'tool' | 'toolDigest' | 'pinnedAgentId'
>;

/** Filters of a list of invocations. */
export interface InvocationFilter {
  readonly status?: InvocationStatus | undefined;
  readonly tool?: string | undefined;
  readonly workspaceId?: WorkspaceId | undefined;
  readonly agentId?: AgentId | undefined;
  readonly requestedBy?: string | undefined;
  readonly surface?: Surface | undefined;
  /** At this time or later. */
  readonly createdAfter?: number | undefined;
  readonly createdBefore?: number | undefined;
}
