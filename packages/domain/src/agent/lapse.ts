import { agentMachine, type AgentId } from '@xem/protocol';
import { advance } from '../advance.ts';
import { internalOperation, systemContext, type Services } from '../context.ts';
import { mutate } from '../mutate.ts';
import { agentFact } from './facts.ts';

const lapseAgent = internalOperation('agent.lapse');

/**
 * Ends the lease of an agent that renews it no more: offline, and out of the fleet. What it was running is another
 * verb's. Answers false when the agent was not online.
 */
export async function lapse(services: Services, agentId: AgentId): Promise<boolean> {
  const known = await services.store.read.agents.find(agentId);
  if (!known) return false;
  return mutate(systemContext(services, known.projectId), lapseAgent, async (tx) => {
    const agent = await tx.agents.find(agentId);
    if (agent?.status !== 'online') return { result: false, facts: [] };
    const now = services.clock.now();
    const live = services.fleet.find(agentId);
    const silentMs = live ? Math.round(services.clock.monotonic() - live.lastRenewalAt) : 0;
    const lastSeenAt = live ? now - silentMs : agent.lastSeenAt;
    await tx.agents.save({ ...advance(agentMachine, agent, 'lapse'), lastSeenAt, connectionSince: now });
    return {
      result: true,
      facts: [agentFact('agent.offline', agentId, { epoch: agent.epoch })],
      committed: () => services.fleet.depart(agentId),
    };
  });
}
