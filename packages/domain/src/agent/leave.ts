import { agentMachine, type AgentEvent, type AgentId, type WorkspaceId } from '@xem/protocol';
import type { AgentRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { ProjectContext, Services } from '../context.ts';
import type { Fact } from '../mutate.ts';
import { bindingFact } from '../workspace/binding.ts';
import { release } from './conflict.ts';
import { dropRotation } from './rotation.ts';

/** Entries after which an agent may not come back under its keys. */
export const DEPARTURES = ['agent.evicted', 'agent.banned', 'agent.retired'] as const;

/** How an agent goes for good, and what the journal says of it. */
export interface Departure {
  readonly event: AgentEvent & ('evict' | 'revokeCredentials' | 'ban' | 'retire');
  readonly fact: Extract<Fact, { readonly type: (typeof DEPARTURES)[number] }>;
}

/** What an agent left behind, and what the journal hears of it. */
export interface Estate {
  readonly agentId: AgentId;
  readonly workspaces: readonly WorkspaceId[];
  /** The agent that has the name alone now, when the two were in conflict over it. */
  readonly freed: AgentId | null;
  readonly facts: readonly Fact[];
}

async function unbindAll(tx: WriteTx, agentId: AgentId): Promise<readonly WorkspaceId[]> {
  const workspaces = (await tx.workspaces.boundTo(agentId)).map(({ id }) => id);
  for (const workspaceId of workspaces) await tx.workspaces.unbind(workspaceId, agentId);
  return workspaces;
}

/**
 * Takes an agent out of the mesh: it may not come back under its keys, and no workspace is bound to it any more. An
 * agent that was in conflict with it has the name from now on.
 */
export async function leave(
  ctx: ProjectContext,
  tx: WriteTx,
  { agent, departure }: { readonly agent: AgentRecord; readonly departure: Departure },
): Promise<Estate> {
  const { id: agentId, conflict } = agent;
  const { agent: still, facts: dropped } = dropRotation(agent, 'the agent left');
  const { event, fact } = departure;
  await tx.agents.save({ ...advance(agentMachine, still, event), conflict: null, paused: null });
  const workspaces = await unbindAll(tx, agentId);
  const rival = conflict && (await tx.agents.find(conflict.with));
  const facts = [
    ...dropped,
    fact,
    ...workspaces.map((workspaceId) => bindingFact('workspace.unbound', { workspaceId, agentId })),
  ];
  if (!rival?.conflict) return { agentId, workspaces, freed: null, facts };
  const ending = { kept: rival.conflict.role, instead_of: agentId, because: fact.type };
  facts.push(await release(ctx, tx, { agent: rival, because: ending }));
  return { agentId, workspaces, freed: rival.id, facts };
}

/** Memory follows the store: what agents that left published goes, and who has a name alone may work again. */
export function forgetLeft({ catalogue, fleet, pauses }: Services, estates: readonly Estate[]): void {
  for (const { agentId } of estates) {
    catalogue.forget(agentId);
    fleet.depart(agentId);
    pauses.set(agentId, null);
  }
  for (const { agentId, freed } of estates) {
    fleet.contest(agentId, false);
    if (freed) fleet.contest(freed, false);
  }
}
