import { ClientError } from '@xem/client';
import { Interrupted, WatchDeadline } from './exit.ts';
import type { Session } from './session.ts';

/** How long something is watched. */
export interface Watching {
  /** Null watches until the end. */
  readonly timeoutMs: number | null;
}

/**
 * Runs `watch` with a signal that Ctrl-C and the deadline abort. @throws Interrupted, WatchDeadline, and what
 * `watch` throws
 */
export async function watching<T>(
  { io }: Session,
  { timeoutMs }: Watching,
  watch: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stops = [io.onInterrupt(() => controller.abort(new Interrupted('interrupted')))];
  if (timeoutMs !== null) {
    const late = new WatchDeadline(`gave up watching after ${timeoutMs / 1000} s`);
    stops.push(io.clock.after(timeoutMs, () => controller.abort(late)));
  }
  try {
    return await watch(controller.signal);
  } catch (error) {
    if (controller.signal.aborted && !(error instanceof ClientError)) throw controller.signal.reason;
    throw error;
  } finally {
    for (const stop of stops) stop();
  }
}
