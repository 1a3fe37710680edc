import { accept } from '@xem/domain';
import type { MeshSession } from '@xem/mesh';
import { PROTOCOL_VERSION, type AcceptBody } from '@xem/protocol';
import { contextOf, type MeshContext } from './mesh-context.ts';

/** An agent runs an attempt; one that nobody waits for any more is stopped. */
export async function onAccept(router: MeshContext, session: MeshSession, body: AcceptBody): Promise<void> {
  const ctx = contextOf(router, session);
  if (!ctx) return;
  const { execution_id, attempt } = body;
  const answer = await accept(ctx, { agentId: session.agentId, executionId: execution_id, attempt });
  if (answer === 'running') return;
  const reason = 'the call does not wait for this attempt any more';
  router.mesh.send(session.name, {
    kind: 'cancel',
    body: { v: PROTOCOL_VERSION, execution_id, attempt, reason },
  });
}
