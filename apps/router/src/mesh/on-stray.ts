import { keepStray } from '@xem/domain';
import type { AgentFrame, MeshSession } from '@xem/mesh';
import { PROTOCOL_VERSION } from '@xem/protocol';
import { contextOf, type MeshContext } from './mesh-context.ts';

/** A frame about one attempt. */
type AttemptFrame = Extract<AgentFrame, { kind: 'accept' | 'refuse' | 'output' | 'result' }>;

/** Tells whether a frame speaks of one attempt. */
export const isOfAttempt = (frame: AgentFrame): frame is AttemptFrame => 'execution_id' in frame.body;

async function keepEnd(
  router: MeshContext,
  session: MeshSession,
  { body }: Extract<AttemptFrame, { kind: 'result' }>,
): Promise<void> {
  const ctx = contextOf(router, session);
  if (!ctx) return;
  const { execution_id: executionId, attempt } = body;
  if (router.strays.end(session.name, body))
    await keepStray(ctx, { agentId: session.agentId, executionId, attempt, report: body });
  const key = { v: PROTOCOL_VERSION, execution_id: executionId, attempt } as const;
  router.mesh.send(session.name, { kind: 'result_ack', body: key });
}

/**
 * Hears of an attempt that the restored store knows nothing of: the run is stopped, its output is let through so that its
 * end can come, and its end is journalled and acknowledged, so that the agent may forget it.
 */
export async function onStray(router: MeshContext, session: MeshSession, frame: AttemptFrame): Promise<void> {
  const { execution_id, attempt } = frame.body;
  const key = { v: PROTOCOL_VERSION, execution_id, attempt } as const;
  if (frame.kind === 'result') return keepEnd(router, session, frame);
  if (frame.kind === 'accept') {
    const reason = 'the router was restored from a backup that knows nothing of this attempt';
    router.mesh.send(session.name, { kind: 'cancel', body: { ...key, reason } });
  }
  const bytes = frame.kind === 'output' ? (frame.payload?.byteLength ?? 0) : 0;
  if (bytes > 0) router.mesh.send(session.name, { kind: 'credit', body: { ...key, bytes } });
}
