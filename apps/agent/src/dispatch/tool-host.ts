import type { AttemptKey, InvocationId, ToolDefinition, WorkspaceId } from '@xem/protocol';
import type { Run } from '../run/run.ts';

/** Which tool an attempt is of, and for whom: which secrets its output may hold. */
export interface ToolPlace {
  readonly tool: string;
  readonly workspaceId: WorkspaceId;
}

/** One call of a tool, checked. */
export interface ToolCall extends ToolPlace {
  readonly key: AttemptKey;
  readonly invocationId: InvocationId;
  readonly args: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly traceparent: string | null;
}

/** A tool as this host has it. */
export interface OwnTool {
  readonly definition: ToolDefinition;
  readonly digest: string;
  /** It runs inside the agent and leaves no process behind. */
  readonly isResident: boolean;
}

/** The tools of this host, by name. */
export interface ToolHost {
  readonly tools: ReadonlyMap<string, OwnTool>;
  /** Starts an attempt. What cannot be started is a run that failed. Throws when it was started before. */
  start(call: ToolCall): Run;
  /**
   * Finds an attempt that outlived an earlier agent, running or ended; null when nothing is left of it. Where the
   * place is not known every secret of the host is masked.
   */
  reattach(key: AttemptKey, place: ToolPlace | null): Run | null;
  /** Attempts that left something on disk. */
  list(): AttemptKey[];
  remove(key: AttemptKey): Promise<void>;
  /** Leaves every run alone; they go on without the agent. */
  close(): void;
}
