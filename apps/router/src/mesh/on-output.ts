import { ForeignAttemptError, type Services } from '@xem/domain';
import type { MeshSession, RouterMesh } from '@xem/mesh';
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

/** What the handler of output needs of the router. */
interface OutputContext extends Pick<MeshContext, 'services' | 'outputWindow'> {
  readonly mesh: Pick<RouterMesh, 'blame' | 'send'>;
}

type Output = { readonly body: OutputBody; readonly payload: Uint8Array };

/** Stores a piece of output and tells who follows; whatever becomes of it, it takes no room in the window after this. */
async function storePiece(
  router: OutputContext,
  session: MeshSession,
  { body, payload }: Output,
): Promise<void> {
  const { execution_id: executionId, stream, offset } = body;
  const { store, outputNotices } = router.services;
  try {
    const projectId = await ownProject(router.services, session, executionId);
    const stored = await store.outputs.append({ projectId, executionId, stream, offset, bytes: payload });
    if (stored < offset) router.mesh.blame(session.name, 'output beyond the end of what is stored');
    outputNotices.publish(executionId, stream, stored);
  } finally {
    router.outputWindow.release({ session: session.name, executionId, bytes: payload.byteLength });
  }
}

/**
 * Stores a piece of output and then lets the agent send as much again. The credit goes out last: what an agent sends
 * upon it must find the room.
 */
export async function onOutput(router: OutputContext, session: MeshSession, output: Output): Promise<void> {
  await storePiece(router, session, output);
  const { execution_id: executionId, attempt } = output.body;
  const bytes = output.payload.byteLength;
  const credit = { v: PROTOCOL_VERSION, execution_id: executionId, attempt, bytes } as const;
  if (bytes > 0) router.mesh.send(session.name, { kind: 'credit', body: credit });
}
