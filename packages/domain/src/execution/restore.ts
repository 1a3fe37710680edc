import type { AgentId } from '@xem/protocol';
import type { Services } from '../context.ts';
import { concurrencyOf } from '../workspace/concurrency.ts';

type Parts = Pick<Services, 'store' | 'occupancy'>;

async function restoreAttemptsOf({ store, occupancy }: Parts, agentId: AgentId): Promise<void> {
  const { executions, invocations } = store.read;
  for (const { id, projectId, invocationId } of await executions.openOf(agentId)) {
    const call = await invocations.get(projectId, invocationId);
    if (call) occupancy.restore(id, call);
  }
}

/** Makes the occupancy of the workspaces again from the store: their limits, and what is under way in them. */
export async function restoreOccupancy(parts: Parts): Promise<void> {
  const { workspaces, executions } = parts.store.read;
  for (const workspace of await workspaces.limited())
    parts.occupancy.limit(workspace.id, concurrencyOf(workspace));
  for (const agentId of await executions.agentsWithOpen()) await restoreAttemptsOf(parts, agentId);
}
