import { passNextMaintenance, type Services } from '@xem/domain';
import type { MaintenanceId } from '@xem/protocol';
import { startLoop, type Loop } from './loop.ts';
import { createRetries } from './retries.ts';

const EVERY_MS = 1000;

/** Steps of one round; what is left comes in the next. */
const ROUND_STEPS = 100;

/**
 * Starts and ends maintenance windows at their times. After a stop it does what it missed in the order in which it was
 * due. A window that cannot be moved holds up no other, and is tried again ever more seldom.
 */
export function startWindows(services: Services): Loop {
  const { store, clock, log } = services;
  const retries = createRetries<MaintenanceId>(clock);
  return startLoop({ name: 'windows', everyMs: EVERY_MS, clock, log }, async () => {
    for (let step = 0; step < ROUND_STEPS; step++) {
      const due = await store.read.maintenance.due(clock.now(), 1 + retries.size);
      const next = due.find(({ id }) => retries.isDue(id));
      if (!next) return;
      try {
        await passNextMaintenance(services, next);
        retries.done(next.id);
      } catch (err) {
        retries.failed(next.id);
        log.error('maintenance.failed', { maintenanceId: next.id, err });
      }
    }
  });
}
