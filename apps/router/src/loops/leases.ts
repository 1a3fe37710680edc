import { lapseAgent, leaseTerms, type Services } from '@xem/domain';
import type { AgentId } from '@xem/protocol';
import { startLoop, type Loop } from './loop.ts';
import { createRetries } from './retries.ts';
import { createStallWatch } from './stall-watch.ts';

const EVERY_MS = 250;

/** Ends the leases that ran out. After a stall everybody gets a full one: the router saw nothing meanwhile. */
export function startLeases(services: Services): Loop {
  const { fleet, clock, log, settings } = services;
  const stalls = createStallWatch(clock);
  const retries = createRetries<AgentId>(clock);
  return startLoop({ name: 'leases', everyMs: EVERY_MS, clock, log }, async () => {
    const now = clock.monotonic();
    if (stalls.hasStalled()) fleet.extendLeases(now + leaseTerms(settings).lease_ttl_ms);
    const over = [...fleet.all()].filter(({ leaseEndsAt }) => leaseEndsAt <= now);
    for (const { agentId } of over.filter((agent) => retries.isDue(agent.agentId))) {
      try {
        await lapseAgent(services, agentId);
        retries.done(agentId);
      } catch (err) {
        retries.failed(agentId);
        log.error('lease.failed', { agentId, err });
      }
    }
  });
}
