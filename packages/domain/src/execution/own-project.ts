import type { AgentId, ExecutionId, ProjectId } from '@xem/protocol';
import type { Services } from '../context.ts';
import { ForeignAttemptError } from './attempt.ts';

/** The project of an execution that is this agent's own. @throws ForeignAttemptError */
export async function ownProject(
  { fleet, store }: Pick<Services, 'fleet' | 'store'>,
  { agentId, executionId }: { readonly agentId: AgentId; readonly executionId: ExecutionId },
): Promise<ProjectId> {
  const agent = fleet.find(agentId);
  if (agent?.inFlight.has(executionId)) return agent.projectId;
  const execution = await store.read.executions.find(executionId);
  if (execution?.agentId === agentId) return execution.projectId;
  throw new ForeignAttemptError(`agent ${agentId} spoke of an execution that is not its own: ${executionId}`);
}
