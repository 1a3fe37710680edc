import { watch, type FSWatcher } from 'node:fs';
import type { Cancel, Clock } from '@xem/runtime';

interface WatchContext {
  readonly clock: Clock;
  /** How often to look anyway, for what no event tells. */
  readonly pollMs: number;
}

/** How often to look where the kernel gives no watch: its limit is reached, or the file system has none. */
const BLIND_POLL_MS = 20;

function tryWatch(path: string, changed: () => void): FSWatcher | null {
  try {
    return watch(path, { persistent: false }, changed).on('error', () => undefined);
  } catch {
    return null;
  }
}

/** Calls when something in a folder changed, and every `pollMs` in any case. Keeps no process alive. */
export function watchFolder(ctx: WatchContext, path: string, changed: () => void): Cancel {
  const watcher = tryWatch(path, changed);
  const stopPolling = ctx.clock.every(watcher ? ctx.pollMs : BLIND_POLL_MS, changed);
  return () => {
    stopPolling();
    watcher?.close();
  };
}
