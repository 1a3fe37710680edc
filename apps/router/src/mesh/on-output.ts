import { ForeignAttemptError, type Services } from '@xem/domain';
import { ExecError } from '@xem/errors';
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
interface OutputContext extends Pick<MeshContext, 'services' | 'outputWindow' | 'errands'> {
  readonly mesh: Pick<RouterMesh, 'blame' | 'close' | 'send'>;
}

type Output = { readonly body: OutputBody; readonly payload: Uint8Array };

const NOT_STORED = { code: 'unavailable', message: 'output could not be stored; connect again' };

/**
 * Tells who follows that a piece is stored, and then lets the agent send as much again. An agent whose piece was not
 * stored begins a new session, in which it goes on from what is.
 */
async function acknowledge(
  router: OutputContext,
  session: MeshSession,
  { body, payload, storing }: Output & { readonly storing: Promise<number> },
): Promise<void> {
  const { execution_id, attempt, stream, offset } = body;
  const stored = await storing.catch((err: unknown) => {
    if (err instanceof ExecError && err.code === 'unavailable') router.mesh.close(session.name, NOT_STORED);
    throw err;
  });
  if (stored < offset) router.mesh.blame(session.name, 'output beyond the end of what is stored');
  router.services.outputNotices.publish(execution_id, stream, stored);
  const credit = { v: PROTOCOL_VERSION, execution_id, attempt, bytes: payload.byteLength } as const;
  if (payload.byteLength > 0) router.mesh.send(session.name, { kind: 'credit', body: credit });
}

/**
 * Hands a piece of output to the store; the frames behind it need not wait for its commit, they may share it. Whatever
 * becomes of it, it takes no room in the window after that. The credit goes out last: what an agent sends upon it must
 * find the room.
 */
export async function onOutput(router: OutputContext, session: MeshSession, output: Output): Promise<void> {
  const { body, payload: bytes } = output;
  const { execution_id: executionId, stream, offset } = body;
  const { services, errands, outputWindow } = router;
  const release = (): void =>
    outputWindow.release({ session: session.name, executionId, bytes: bytes.byteLength });
  const projectId = await ownProject(services, session, executionId).catch((err: unknown) => {
    release();
    throw err;
  });
  const storing = services.store.outputs
    .append({ projectId, executionId, stream, offset, bytes })
    .finally(release);
  errands.run('output.store', () => acknowledge(router, session, { ...output, storing }));
}
