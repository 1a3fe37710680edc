import type { AgentId } from '@xem/protocol';
import type { InvocationReader, InvocationRecord } from '@xem/store';
import type { ProjectContext } from '../context.ts';

interface Wanted {
  readonly agentId: AgentId;
  readonly limit: number;
}

/** One of each queue in turn, until `limit` are taken. */
function dealt<Item>(queues: readonly (readonly Item[])[], limit: number): readonly Item[] {
  const [only] = queues;
  if (only && queues.length === 1) return only;
  const rounds = Math.max(0, ...queues.map(({ length }) => length));
  const dealtOut = Array.from({ length: rounds }, (_, nth) => queues.flatMap((queue) => queue[nth] ?? []));
  return dealtOut.flat().slice(0, limit);
}

/**
 * What waits for an agent and may be given out now, at most `limit`. The workspaces it serves take turns, the one that
 * was given something longest ago first, so that a long queue in one keeps nobody waiting in another; within a
 * workspace the oldest comes first. Calls that the limits of their workspace hold back stand in nobody's way.
 */
export async function nextFor(
  { catalogue, occupancy }: ProjectContext,
  rows: InvocationReader,
  { agentId, limit }: Wanted,
): Promise<readonly InvocationRecord[]> {
  const queues: (readonly InvocationRecord[])[] = [];
  for (const workspaceId of occupancy.inTurn(catalogue.workspacesOf(agentId))) {
    const { all, gated, tools } = occupancy.closed(workspaceId);
    if (all) continue;
    const queue = { agentId, workspaceId, withoutGated: gated, withoutTools: tools };
    const waiting = await rows.queuedFor(queue, limit);
    if (waiting.length > 0) queues.push(waiting);
    if (queues.length === limit) break;
  }
  return dealt(queues, limit);
}
