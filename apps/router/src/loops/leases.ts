import { agentContext, lapseAgent, lapseAttempts, leaseTerms, type Services } from '@xem/domain';
import { startLoop, type Loop } from './loop.ts';

const EVERY_MS = 250;
const STALL_MS = 2000;

/** Ends the leases that ran out. After a stall everybody gets a full one: the router saw nothing meanwhile. */
export function startLeases(services: Services): Loop {
  const { fleet, clock, log, settings } = services;
  let lastRoundAt = clock.monotonic();
  return startLoop({ name: 'leases', everyMs: EVERY_MS, clock, log }, async () => {
    const now = clock.monotonic();
    if (now - lastRoundAt > STALL_MS) fleet.extendLeases(now + leaseTerms(settings).lease_ttl_ms);
    lastRoundAt = now;
    const over = [...fleet.all()].filter(({ leaseEndsAt }) => leaseEndsAt <= now);
    for (const { agentId, projectId } of over) {
      const lapsed = await lapseAgent(services, agentId);
      if (lapsed) await lapseAttempts(agentContext(services, { projectId, agentId }), agentId);
    }
  });
}
