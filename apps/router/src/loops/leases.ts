import {
  agentContext,
  lapseAgent,
  lapseAttempts,
  leaseTerms,
  type LiveAgent,
  type Services,
} from '@xem/domain';
import { startLoop, type Loop } from './loop.ts';

const EVERY_MS = 250;
const STALL_MS = 2000;

async function endLease(services: Services, { agentId, projectId }: LiveAgent): Promise<void> {
  const lapsed = await lapseAgent(services, agentId);
  if (lapsed) await lapseAttempts(agentContext(services, { projectId, agentId }), agentId);
}

/** Ends the leases that ran out. After a stall everybody gets a full one: the router saw nothing meanwhile. */
export function startLeases(services: Services): Loop {
  const { fleet, clock, log, settings } = services;
  let lastRoundAt = clock.monotonic();
  return startLoop({ name: 'leases', everyMs: EVERY_MS, clock, log }, async () => {
    const now = clock.monotonic();
    if (now - lastRoundAt > STALL_MS) fleet.extendLeases(now + leaseTerms(settings).lease_ttl_ms);
    lastRoundAt = now;
    const over = [...fleet.all()].filter(({ leaseEndsAt }) => leaseEndsAt <= now);
    for (const agent of over) {
      await endLease(services, agent).catch((err: unknown) =>
        log.error('lease.failed', { agentId: agent.agentId, err }),
      );
    }
  });
}
