import { agentContext, overrun, ownProject } from '@xem/domain';
import { ExecError } from '@xem/errors';
import type { MeshSession, RouterMesh } from '@xem/mesh';
import { PROTOCOL_VERSION, type OutputBody, type ProjectId } from '@xem/protocol';
import type { MeshContext } from './mesh-context.ts';

/** What the handler of output needs of the router. */
interface OutputContext extends Pick<MeshContext, 'services' | 'outputWindow' | 'outputLimits' | 'errands'> {
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
 * Whether a piece takes a stream beyond what its tool may have. The agent does not keep the limit it is there to keep:
 * its session is blamed, the call fails, and nothing more of it is stored.
 */
async function isTooMuch(
  { services, outputLimits, mesh }: OutputContext,
  { agentId, name }: MeshSession,
  { body, payload, projectId }: Output & { readonly projectId: ProjectId },
): Promise<boolean> {
  const { execution_id: executionId, attempt, offset } = body;
  const ctx = agentContext(services, { projectId, agentId });
  const extent = { executionId, bytes: offset + payload.byteLength };
  if (!(await outputLimits.isExceeded(ctx, extent))) return false;
  const reason = 'more output than the tool may have';
  mesh.blame(name, reason);
  await overrun(ctx, { agentId, executionId, attempt });
  const key = { execution_id: executionId, attempt };
  mesh.send(name, { kind: 'cancel', body: { v: PROTOCOL_VERSION, ...key, reason } });
  return true;
}

/** Counts a piece as it comes in. False when its agent had no credit for it, for which it is blamed. */
export function admitOutput(
  { outputWindow, mesh }: OutputContext,
  session: MeshSession,
  { body, payload }: Output,
): boolean {
  const piece = { session: session.name, executionId: body.execution_id, bytes: payload.byteLength };
  const isAdmitted = outputWindow.take(piece);
  if (!isAdmitted) mesh.blame(session.name, 'output without credit for it');
  return isAdmitted;
}

/** Hands a piece to the store, and answers how it gets on; null when it is not to be stored. */
async function store(
  router: OutputContext,
  session: MeshSession,
  output: Output,
): Promise<{ readonly storing: Promise<number> } | null> {
  const { body, payload: bytes } = output;
  const { execution_id: executionId, stream, offset } = body;
  const projectId = await ownProject(router.services, { agentId: session.agentId, executionId });
  if (await isTooMuch(router, session, { ...output, projectId })) return null;
  return { storing: router.services.store.outputs.append({ projectId, executionId, stream, offset, bytes }) };
}

/**
 * Hands a piece of output to the store; the frames behind it need not wait for its commit, they may share it. Whatever
 * becomes of it, it takes no room in the window after that. The credit goes out last: what an agent sends upon it must
 * find the room.
 */
export async function onOutput(router: OutputContext, session: MeshSession, output: Output): Promise<void> {
  const { body, payload } = output;
  const piece = { session: session.name, executionId: body.execution_id, bytes: payload.byteLength };
  const release = (): void => router.outputWindow.release(piece);
  const stored = await store(router, session, output).catch((err: unknown) => {
    release();
    throw err;
  });
  if (!stored) return release();
  const storing = stored.storing.finally(release);
  router.errands.run('output.store', () => acknowledge(router, session, { ...output, storing }));
}
