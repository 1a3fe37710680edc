import { refuse } from '@xem/domain';
import type { MeshSession } from '@xem/mesh';
import type { RefuseBody } from '@xem/protocol';
import { contextOf, type MeshContext } from './mesh-context.ts';

/** An agent does not take an order. One without room gets no more until it renews its lease. */
export async function onRefuse(mesh: MeshContext, session: MeshSession, body: RefuseBody): Promise<void> {
  const ctx = contextOf(mesh, session);
  if (!ctx) return;
  const { execution_id, attempt, reason, message } = body;
  if (reason === 'slots' || reason === 'paused' || reason === 'draining') {
    mesh.services.fleet.hold(session.agentId, true);
  }
  await refuse(ctx, { agentId: session.agentId, executionId: execution_id, attempt, reason, message });
}
