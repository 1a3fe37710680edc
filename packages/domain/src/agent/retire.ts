import { agentMachine, type WorkspaceId } from '@xem/protocol';
import type { AgentRecord, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { Fact } from '../mutate.ts';
import { bindingFact } from '../workspace/binding.ts';
import { agentFact } from './facts.ts';

/** What an agent left behind, and what the journal hears of it. */
export interface Estate {
  readonly workspaces: readonly WorkspaceId[];
  readonly facts: readonly Fact[];
}

/** Retires an agent: it may not come back, and its workspaces are its successor's. */
export async function retire(tx: WriteTx, agent: AgentRecord): Promise<Estate> {
  await tx.agents.save(advance(agentMachine, agent, 'retire'));
  const workspaces = (await tx.workspaces.boundTo(agent.id)).map(({ id }) => id);
  for (const workspaceId of workspaces) await tx.workspaces.unbind(workspaceId, agent.id);
  const unbound = workspaces.map((workspaceId) =>
    bindingFact('workspace.unbound', { workspaceId, agentId: agent.id }),
  );
  return { workspaces, facts: [agentFact('agent.retired', agent.id), ...unbound] };
}
