import {
  agentContext,
  lapseAttempts,
  leaseTerms,
  loadCatalogue,
  loadPauses,
  loadWindows,
  loadSubscriptions,
  restoreOccupancy,
  type Services,
} from '@xem/domain';
import type { AgentRecord } from '@xem/store';

/** An agent in conflict keeps that standing when its lease ends; then it was seen last before it went. */
const isAway = ({ status, lastSeenAt, connectionSince }: AgentRecord): boolean =>
  status === 'conflict' && (lastSeenAt ?? 0) < connectionSince;

/** Gives every agent that had a lease one full lease to come back in, its open attempts with it. */
async function recoverFleet(services: Services): Promise<void> {
  const { store, fleet, clock, settings } = services;
  const now = clock.monotonic();
  for (const agent of await store.read.agents.leased()) {
    fleet.contest(agent.id, agent.status === 'conflict');
    if (isAway(agent)) continue;
    const open = await store.read.executions.openOf(agent.id);
    fleet.arrive({
      agentId: agent.id,
      projectId: agent.projectId,
      epoch: agent.epoch,
      journalId: agent.journalId ?? '',
      session: null,
      slots: agent.host.limits.max_concurrent_executions,
      inFlight: open.map(({ id }) => id),
      leaseEndsAt: now + leaseTerms(settings).lease_ttl_ms,
      lastRenewalAt: now,
    });
  }
}

/** Attempts of agents that are gone: the router stopped after one was taken out and before what it ran was given up. */
async function lapseLeftovers(services: Services): Promise<void> {
  const { store, fleet } = services;
  for (const agentId of await store.read.executions.agentsWithOpen()) {
    const agent = fleet.find(agentId) ? null : await store.read.agents.find(agentId);
    if (agent) await lapseAttempts(agentContext(services, { projectId: agent.projectId, agentId }), agentId);
  }
}

/** Makes the router's memory again from its store, before anybody is let in. */
export async function recover(services: Services): Promise<void> {
  await loadCatalogue(services);
  await loadPauses(services);
  await loadWindows(services);
  await loadSubscriptions(services);
  await recoverFleet(services);
  await lapseLeftovers(services);
  await restoreOccupancy(services);
}
