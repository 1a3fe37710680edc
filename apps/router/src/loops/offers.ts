import {
  DISPATCH_BATCH,
  fillSlots,
  findAgentFor,
  systemContext,
  type Occupant,
  type Services,
} from '@xem/domain';
import type { AgentId, InvocationId, ProjectId, WorkspaceId } from '@xem/protocol';
import type { Errands } from '../errands.ts';
import { createRounds } from '../rounds.ts';

/** Brings calls that wait and agents that are free together. */
export interface Offers {
  /** Gives what waits to an agent that may have room now. */
  readonly toAgent: (agentId: AgentId) => void;
  /** Finds an agent for a call that was queued and given to nobody. */
  readonly ofCall: (projectId: ProjectId, id: InvocationId) => void;
  readonly stop: () => void;
}

interface OfferParts {
  readonly services: Services;
  readonly errands: Errands;
}

/** What the last of those was like that left a workspace; null when they were not alike. */
type Reopened = Map<WorkspaceId, Occupant | null>;

async function fill(services: Services, agentId: AgentId): Promise<number> {
  const agent = services.fleet.find(agentId);
  if (!agent) return 0;
  try {
    return await fillSlots(systemContext(services, agent.projectId), agentId);
  } catch (err) {
    services.log.error('dispatch.failed', { agentId, err });
    return 0;
  }
}

/** While an agent is being offered what waits, newcomers do not take its slots. */
async function fillAgent(services: Services, agentId: AgentId): Promise<void> {
  services.fleet.reserve(agentId, true);
  let given: number;
  do given = await fill(services, agentId);
  while (given >= DISPATCH_BATCH);
  services.fleet.reserve(agentId, false);
}

const agentsOf = ({ fleet, catalogue }: Services, workspaceId: WorkspaceId): readonly AgentId[] =>
  [...fleet.all()].flatMap(({ agentId }) =>
    fleet.roomOf(agentId) > 0 && catalogue.workspacesOf(agentId).has(workspaceId) ? [agentId] : [],
  );

/** Starts to listen for workspaces that may take again what they turned away. */
export function startOffers({ services, errands }: OfferParts): Offers {
  const { occupancy } = services;
  const reopened: Reopened = new Map();
  const toAgent = createRounds<AgentId>((agentId) => fillAgent(services, agentId));
  const toWorkspace = createRounds<WorkspaceId>(async (workspaceId) => {
    const left = reopened.get(workspaceId) ?? null;
    reopened.delete(workspaceId);
    occupancy.reserve(workspaceId, true);
    for (const agentId of agentsOf(services, workspaceId)) {
      if (left && !occupancy.admits(left)) break;
      await toAgent(agentId);
    }
    occupancy.reserve(workspaceId, false);
  });
  const stop = occupancy.onReopened((workspaceId, left) => {
    reopened.set(workspaceId, reopened.has(workspaceId) ? null : left);
    errands.run('dispatch.reopen', () => toWorkspace(workspaceId));
  });
  return {
    toAgent: (agentId) => errands.run('dispatch.offer', () => toAgent(agentId)),
    ofCall: (projectId, id) =>
      errands.run('dispatch.place', async () => {
        const agentId = await findAgentFor(systemContext(services, projectId), id);
        if (agentId) await toAgent(agentId);
      }),
    stop,
  };
}
