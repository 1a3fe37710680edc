import type { AgentId, ExecutionId } from '@xem/protocol';
import type { ExecutionRecord, InvocationRecord, WriteTx } from '@xem/store';

/** An attempt as a frame names it, and the agent whose session the frame came in on. */
export interface AttemptRef {
  readonly agentId: AgentId;
  readonly executionId: ExecutionId;
  readonly attempt: number;
}

/** An attempt and its invocation. `current` says that the invocation still waits for this attempt. */
export interface Attempt {
  readonly execution: ExecutionRecord;
  readonly invocation: InvocationRecord;
  readonly current: boolean;
}

/** A frame about an execution that is not this agent's: refused, and journalled by whoever reads the frame. */
export class ForeignAttemptError extends Error {
  override readonly name = 'ForeignAttemptError';
}

/** Loads what a frame speaks of. @throws ForeignAttemptError when it is not the agent's to speak of */
export async function loadAttempt(tx: WriteTx, ref: AttemptRef): Promise<Attempt> {
  const execution = await tx.executions.find(ref.executionId);
  if (!execution || execution.agentId !== ref.agentId || execution.attempt !== ref.attempt) {
    throw new ForeignAttemptError(
      `agent ${ref.agentId} named an execution that is not its own: ${ref.executionId}`,
    );
  }
  const invocation = await tx.invocations.get(execution.projectId, execution.invocationId);
  if (!invocation) throw new Error(`execution ${execution.id} has no invocation`);
  return { execution, invocation, current: invocation.executionId === execution.id };
}
