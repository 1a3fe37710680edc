import type { AgentRecord } from '@xem/store';
import type { Services } from '../context.ts';
import { wallTimeOf } from './wall-time.ts';

/** When an agent was heard of last: its last renewal while its lease holds, else what the store keeps. */
export function lastSeenOf(
  { fleet, clock }: Pick<Services, 'fleet' | 'clock'>,
  { id, lastSeenAt }: AgentRecord,
): number | null {
  const live = fleet.find(id);
  return live ? wallTimeOf(clock, live.lastRenewalAt) : lastSeenAt;
}
