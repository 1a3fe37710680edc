import { refuse } from '@xem/domain';
import type { MeshSession } from '@xem/mesh';
import type { RefuseBody } from '@xem/protocol';
import { contextOf, type MeshContext } from './mesh-context.ts';

/** An agent does not take an order. */
export async function onRefuse(router: MeshContext, session: MeshSession, body: RefuseBody): Promise<void> {
  const ctx = contextOf(router, session);
  if (!ctx) return;
  const { execution_id, attempt, reason, message } = body;
  await refuse(ctx, { agentId: session.agentId, executionId: execution_id, attempt, reason, message });
}
