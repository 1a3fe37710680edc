import { agentMachine, type AgentId } from '@xem/protocol';
import type { Clock } from '@xem/runtime';
import type { AgentRecord } from '@xem/store';
import { advance } from '../advance.ts';
import { internalOperation, systemContext, type Services } from '../context.ts';
import type { LiveAgent } from '../fleet/fleet.ts';
import { mutate } from '../mutate.ts';
import { agentFact } from './facts.ts';
import { wallTimeOf } from './wall-time.ts';

const lapseAgent = internalOperation('agent.lapse');

/** A renewal that came in meanwhile, or a welcome that is being committed, keeps the lease. */
const isKept = (live: LiveAgent | null, { epoch }: AgentRecord, clock: Clock): boolean =>
  live !== null && (live.epoch !== epoch || live.leaseEndsAt > clock.monotonic());

/**
 * Ends the lease of an agent that did not renew it in time: offline, and out of the fleet. What it was running is
 * another verb's. Answers false when the agent was not online, or its lease holds.
 */
export async function lapse(services: Services, agentId: AgentId): Promise<boolean> {
  const { store, fleet, clock } = services;
  const known = await store.read.agents.find(agentId);
  if (!known) return false;
  return mutate(systemContext(services, known.projectId), lapseAgent, async (tx) => {
    const agent = await tx.agents.find(agentId);
    const live = fleet.find(agentId);
    if (!agent || isKept(live, agent, clock)) return { result: false, facts: [] };
    const committed = (): void => fleet.depart(agentId);
    if (agent.status !== 'online') return { result: false, facts: [], committed };
    const now = clock.now();
    const lastSeenAt = live ? wallTimeOf(clock, live.lastRenewalAt) : agent.lastSeenAt;
    await tx.agents.save({ ...advance(agentMachine, agent, 'lapse'), lastSeenAt, connectionSince: now });
    return {
      result: true,
      facts: [agentFact('agent.offline', agentId, { epoch: agent.epoch })],
      committed,
    };
  });
}
