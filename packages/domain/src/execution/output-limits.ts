import type { ExecutionId } from '@xem/protocol';
import type { ProjectContext } from '../context.ts';
import { boundVariant } from '../invocation/target.ts';

/** An agent that keeps the limit of a tool sends no byte beyond it; twice that and this much is no slip of one. */
const SLACK_BYTES = 1024 * 1024;

/** Limits remembered at a time; the oldest is forgotten first, and read again when it is asked for. */
const LIMITS_MAX = 1000;

/** Where one stream of an execution has come to. */
export interface Extent {
  readonly executionId: ExecutionId;
  readonly bytes: number;
}

/** How much of one stream an honest agent can send. */
export interface OutputLimits {
  /** Whether this is more than the tool of an execution may have. Small outputs ask nobody. */
  isExceeded(ctx: ProjectContext, extent: Extent): Promise<boolean>;
}

async function limitOf(ctx: ProjectContext, executionId: ExecutionId): Promise<number> {
  const { executions, invocations } = ctx.store.read;
  const execution = await executions.find(executionId);
  const call = execution && (await invocations.get(execution.projectId, execution.invocationId));
  const limit = call ? boundVariant(ctx, call)?.definition.output.max_bytes : undefined;
  return limit === undefined ? Infinity : 2 * limit + SLACK_BYTES;
}

/** Limits of the tools that executions run; of a tool that nobody publishes any more there is none. */
export function createOutputLimits(): OutputLimits {
  const limits = new Map<ExecutionId, number>();
  const remember = (executionId: ExecutionId, limit: number): number => {
    const oldest = limits.size >= LIMITS_MAX ? limits.keys().next().value : undefined;
    if (oldest !== undefined) limits.delete(oldest);
    limits.set(executionId, limit);
    return limit;
  };
  return {
    isExceeded: async (ctx, { executionId, bytes }) => {
      if (bytes <= SLACK_BYTES) return false;
      const limit = limits.get(executionId) ?? remember(executionId, await limitOf(ctx, executionId));
      return bytes > limit;
    },
  };
}
