import type { AttemptKey, InvocationId, ToolDefinition, WorkspaceId } from '@xem/protocol';
import type { Run } from '../run/run.ts';

/** A tool as this host has it. */
export interface OwnTool {
  readonly definition: ToolDefinition;
  readonly digest: string;
  /** It runs inside the agent and leaves no process behind. */
  readonly isResident: boolean;
}

/** One call of a tool, checked. */
export interface ToolCall {
  readonly key: AttemptKey;
  readonly invocationId: InvocationId;
  readonly tool: string;
  readonly workspaceId: WorkspaceId;
  readonly args: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly traceparent: string | null;
}

/** The tools of this host. */
export interface ToolHost {
  /** The tools as they are now, by name; another map once they change. */
  readonly tools: ReadonlyMap<string, OwnTool>;
  /** The kinds of providers behind them. */
  readonly providers: readonly string[];
  /** The name of the credentials that calls of a workspace get; null when they get none. */
  credentialsRef(workspaceId: WorkspaceId): string | null;
  /** Says whom to tell each time the tools became others. */
  onChange(told: () => void): void;
  /**
   * Prepares an attempt; the function it returns starts it. What cannot be started is a run that failed; an attempt
   * that was started before throws. @throws agent_refused when the host will not take the arguments
   */
  prepare(call: ToolCall): () => Run;
  /** Finds an attempt that outlived an earlier agent, running or ended; null when nothing is left of it. */
  reattach(key: AttemptKey): Run | null;
  /** Attempts that left something on disk. */
  list(): AttemptKey[];
  remove(key: AttemptKey): Promise<void>;
  /** Leaves every run alone; they go on without the agent. */
  close(): void;
}
