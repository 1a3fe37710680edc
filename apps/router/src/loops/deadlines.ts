import { settleDeadline, systemContext, type Services } from '@xem/domain';
import { startLoop, type Loop } from './loop.ts';

const EVERY_MS = 250;
const BATCH = 100;

/**
 * Settles every call whose deadline is over: approvals nobody gave, queues nobody served, runs nobody reported. One that
 * cannot be settled holds up no other.
 */
export function startDeadlines(services: Services): Loop {
  const { store, clock, log } = services;
  return startLoop({ name: 'deadlines', everyMs: EVERY_MS, clock, log }, async () => {
    for (const { id, projectId } of await store.read.invocations.due(clock.now(), BATCH)) {
      await settleDeadline(systemContext(services, projectId), id).catch((err: unknown) =>
        log.error('deadline.failed', { invocationId: id, err }),
      );
    }
  });
}
