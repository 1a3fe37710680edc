import { settleDeadline, systemContext, type Services } from '@xem/domain';
import type { InvocationId } from '@xem/protocol';
import { startLoop, type Loop } from './loop.ts';
import { createRetries } from './retries.ts';
import { createStallWatch } from './stall-watch.ts';

const EVERY_MS = 250;
const BATCH = 100;

/** After a stall agents whose line broke meanwhile are noticed within this time, and nobody is judged before. */
const REST_MS = 4000;

/**
 * Settles every call whose deadline is over: approvals nobody gave, queues nobody served, runs nobody reported. One that
 * cannot be settled holds up no other, and is tried again ever more seldom.
 */
export function startDeadlines(services: Services): Loop {
  const { store, clock, log } = services;
  const retries = createRetries<InvocationId>(clock);
  const stalls = createStallWatch(clock);
  let restsUntil = clock.monotonic();
  return startLoop({ name: 'deadlines', everyMs: EVERY_MS, clock, log }, async () => {
    if (stalls.hasStalled()) restsUntil = clock.monotonic() + REST_MS;
    if (clock.monotonic() < restsUntil) return;
    for (const { id, projectId } of await store.read.invocations.due(clock.now(), BATCH + retries.size)) {
      if (!retries.isDue(id)) continue;
      try {
        await settleDeadline(systemContext(services, projectId), id);
        retries.done(id);
      } catch (err) {
        retries.failed(id);
        log.error('deadline.failed', { invocationId: id, err });
      }
    }
  });
}
