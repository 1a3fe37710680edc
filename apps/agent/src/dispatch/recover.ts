import type { Log } from '@xem/runtime';
import type { JournalEntry } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { Attempts } from './attempts.ts';
import { lostResult } from './result.ts';
import type { ToolHost } from './tool-host.ts';

interface RecoverContext {
  readonly journal: Journal;
  readonly host: ToolHost;
  readonly attempts: Attempts;
  readonly log: Log;
}

/** Takes up one attempt of an earlier agent: what it left, or that it cannot be accounted for. */
function takeUp({ journal, host, attempts, log }: RecoverContext, entry: JournalEntry): void {
  const { key } = entry;
  const run = host.reattach(key);
  log.info('attempt.recovered', { ...key, state: entry.state, isFound: run !== null });
  if (entry.result) return attempts.settle(entry.result, run);
  if (run) {
    journal.markRunning(key);
    return attempts.follow(run, false);
  }
  const lost = lostResult(key, 'the agent ended while it ran, and nothing is left of it on the host');
  journal.end(key, lost);
  return attempts.settle(lost, null);
}

/**
 * Takes up what an earlier agent left: re-attaches to what runs, reads what ended meanwhile, and reports as lost
 * what cannot be accounted for. Nothing is started again.
 */
export function recover(ctx: RecoverContext): void {
  const { journal, host, log } = ctx;
  for (const entry of journal.open()) takeUp(ctx, entry);
  for (const key of host.list()) {
    const entry = journal.find(key);
    if (entry?.isAcknowledged) {
      host.remove(key).catch((err: unknown) => log.warn('attempt.spool_left', { ...key, err }));
    }
    if (entry) continue;
    takeUp(ctx, journal.accept({ key, expiresAt: 0 }, 'written'));
  }
}
