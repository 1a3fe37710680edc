import type { Clock } from '@xem/runtime';
import type { LiveAgent } from '../fleet/fleet.ts';

/** Whether the lease of an agent holds at this moment, whatever the sweep has got to. */
export const hasLease = (live: LiveAgent | null, clock: Clock): boolean =>
  live !== null && live.leaseEndsAt > clock.monotonic();
