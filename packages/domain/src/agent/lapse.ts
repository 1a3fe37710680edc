import { agentMachine, type AgentId } from '@xem/protocol';
import type { Clock } from '@xem/runtime';
import type { AgentRecord } from '@xem/store';
import { advance } from '../advance.ts';
import { lapseOpen } from '../execution/lapse.ts';
import { internalOperation, systemContext, type Services } from '../context.ts';
import type { LiveAgent } from '../fleet/fleet.ts';
import { mutate } from '../mutate.ts';
import { agentFact } from './facts.ts';
import { hasLease } from './has-lease.ts';
import { lastSeenOf } from './last-seen.ts';

const lapseAgent = internalOperation('agent.lapse');

/** A renewal that came in meanwhile, or a welcome that is being committed, keeps the lease. */
const isKept = (live: LiveAgent | null, { epoch }: AgentRecord, clock: Clock): boolean =>
  live !== null && (live.epoch !== epoch || hasLease(live, clock));

/** Whether there is a lease to end. One in conflict may have been away for long. */
const isOver = ({ status }: AgentRecord, live: LiveAgent | null): boolean =>
  status === 'online' || (status === 'conflict' && live !== null);

/** An agent in conflict stays in it: that it went away settles nothing. */
const gone = (agent: AgentRecord): AgentRecord =>
  agent.status === 'conflict' ? agent : advance(agentMachine, agent, 'lapse');

/**
 * Ends the lease of an agent that did not renew it in time: offline, and out of the fleet; with it, in the same
 * transaction, end or wait for their grace the attempts under it. Answers false when the agent had none, or its lease
 * holds.
 */
export async function lapse(services: Services, agentId: AgentId): Promise<boolean> {
  const { store, fleet, clock } = services;
  const known = await store.read.agents.find(agentId);
  if (!known) return false;
  const ctx = systemContext(services, known.projectId);
  return mutate(ctx, lapseAgent, async (tx) => {
    const agent = await tx.agents.find(agentId);
    const live = fleet.find(agentId);
    if (!agent || isKept(live, agent, clock)) return { result: false, facts: [] };
    const committed = (): void => fleet.depart(agentId);
    if (!isOver(agent, live)) return { result: false, facts: [], committed };
    const now = clock.now();
    const lastSeenAt = lastSeenOf(services, agent);
    const { status } = await tx.agents.save({ ...gone(agent), lastSeenAt, connectionSince: now });
    const offline = status === 'offline' ? [agentFact('agent.offline', agentId, { epoch: agent.epoch })] : [];
    const facts = [...offline, ...(await lapseOpen(ctx, tx, agentId))];
    return { result: true, facts, committed };
  });
}
