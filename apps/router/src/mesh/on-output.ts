import { ForeignAttemptError, type Services } from '@xem/domain';
import type { MeshSession } from '@xem/mesh';
import { PROTOCOL_VERSION, type ExecutionId, type OutputBody, type ProjectId } from '@xem/protocol';
import type { MeshContext } from './mesh-context.ts';

/** The project of an execution that is this agent's own. @throws ForeignAttemptError */
export async function ownProject(
  services: Services,
  { agentId }: MeshSession,
  executionId: ExecutionId,
): Promise<ProjectId> {
  const agent = services.fleet.find(agentId);
  if (agent?.inFlight.has(executionId)) return agent.projectId;
  const execution = await services.store.read.executions.find(executionId);
  if (execution?.agentId === agentId) return execution.projectId;
  throw new ForeignAttemptError(
    `agent ${agentId} sent output of an execution that is not its own: ${executionId}`,
  );
}

/** Stores a piece of output, tells who follows, and lets the agent send as much again: credit follows the write. */
export async function onOutput(
  router: MeshContext,
  session: MeshSession,
  { body, payload }: { readonly body: OutputBody; readonly payload: Uint8Array },
): Promise<void> {
  const { execution_id: executionId, attempt, stream, offset } = body;
  const { store, outputNotices } = router.services;
  const projectId = await ownProject(router.services, session, executionId);
  const stored = await store.outputs.append({ projectId, executionId, stream, offset, bytes: payload });
  if (stored < offset) router.mesh.blame(session.name, 'output beyond the end of what is stored');
  outputNotices.publish(executionId, stream, stored);
  const credit = {
    v: PROTOCOL_VERSION,
    execution_id: executionId,
    attempt,
    bytes: payload.byteLength,
  } as const;
  if (payload.byteLength > 0) router.mesh.send(session.name, { kind: 'credit', body: credit });
}
