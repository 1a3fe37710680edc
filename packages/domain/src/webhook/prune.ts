import { DAY_MS } from '@xem/protocol';
import type { Services } from '../context.ts';
import { upkeep } from '../mutate.ts';

const KEPT_MS = 7 * DAY_MS;
const KEPT_PER_WEBHOOK = 5000;
const BATCH = 500;

type Needs = Pick<Services, 'store' | 'clock' | 'subscriptions'>;

/** Repeats a removal until it finds less than it may take. */
async function removeAll(removeSome: () => Promise<number>): Promise<void> {
  while ((await removeSome()) === BATCH);
}

/** Puts away deliveries that ended a week ago, and of each webhook all but the newest 5,000. */
export async function pruneDeliveries(services: Needs): Promise<void> {
  const { clock, subscriptions } = services;
  const endedBefore = clock.now() - KEPT_MS;
  await removeAll(() => upkeep(services, (tx) => tx.deliveries.prune(endedBefore, BATCH)));
  for (const id of subscriptions.all())
    await removeAll(() => upkeep(services, (tx) => tx.deliveries.trim(id, KEPT_PER_WEBHOOK, BATCH)));
}
