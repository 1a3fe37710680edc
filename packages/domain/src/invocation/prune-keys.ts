import { DAY_MS } from '@xem/protocol';
import type { WriteContext } from '../context.ts';
import { upkeep } from '../mutate.ts';

const KEPT_MS = DAY_MS;
const BATCH = 500;

/** Puts away idempotency keys a day after their use, but never before their invocation has ended. Answers how many. */
export const pruneIdempotency = (services: Pick<WriteContext, 'store' | 'clock'>): Promise<number> =>
  upkeep(services, (tx) => tx.idempotency.prune(services.clock.now() - KEPT_MS, BATCH));
