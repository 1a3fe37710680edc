import { HOUR_MS } from '@xem/protocol';
import { cutJournal, removeExpired, type Services } from '@xem/domain';
import type { ExpiryPlace } from '@xem/store';
import { startLoop, type Loop } from './loop.ts';

const EVERY_MS = 10_000;

/** What could not be removed is looked for again after this time. */
const AGAIN_MS = HOUR_MS;

/** Outputs that have expired: everything at the start, then what has expired since. */
function outputRound(services: Services): (stopping: AbortSignal) => Promise<void> {
  const { clock, log } = services;
  let place: ExpiryPlace | null = null;
  let againAt = Infinity;
  return async (stopping) => {
    if (clock.monotonic() >= againAt) [place, againAt] = [null, Infinity];
    let removed = 0;
    for (let more = true; more && !stopping.aborted;) {
      const round = await removeExpired(services, place);
      ({ place, more } = round);
      removed += round.removed;
      if (round.failed > 0) againAt = Math.min(againAt, clock.monotonic() + AGAIN_MS);
      await clock.sleep(0);
    }
    if (removed > 0) log.info('outputs.expired', { removed });
  };
}

/** Entries that are past their retention, chain after chain. */
async function cutAll(services: Services, stopping: AbortSignal): Promise<void> {
  const { store, clock, log, settings } = services;
  if (settings.journalRetentionMs === 0) return;
  for (const { id: projectId } of await store.read.access.projects()) {
    let removed = 0;
    for (let cut = -1; cut !== 0 && !stopping.aborted; removed += cut) {
      cut = await cutJournal(services, projectId);
      await clock.sleep(0);
    }
    if (removed > 0) log.info('journal.cut', { projectId, removed });
  }
}

/** Removes what is kept for a time only: outputs, and the beginnings of chains. */
export function startRetention(services: Services): Loop {
  const { clock, log } = services;
  const stopping = new AbortController();
  const removeOutputs = outputRound(services);
  const loop = startLoop({ name: 'retention', everyMs: EVERY_MS, clock, log }, async () => {
    await removeOutputs(stopping.signal);
    await cutAll(services, stopping.signal);
  });
  return {
    stop: async () => {
      stopping.abort();
      await loop.stop();
    },
  };
}
