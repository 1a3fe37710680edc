import { dropRotations, lapseUses, pruneDeliveries, pruneIdempotency, type Services } from '@xem/domain';
import { startLoop, type Loop } from './loop.ts';

const EVERY_MS = 5000;

/** Puts away what nobody needs any more: enrolments that were never confirmed, changes of keys that were never finished, idempotency keys and deliveries past their time. */
export function startUpkeep(services: Services): Loop {
  const { clock, log } = services;
  return startLoop({ name: 'upkeep', everyMs: EVERY_MS, clock, log }, async () => {
    await lapseUses(services);
    await dropRotations(services);
    await pruneIdempotency(services);
    await pruneDeliveries(services);
  });
}
