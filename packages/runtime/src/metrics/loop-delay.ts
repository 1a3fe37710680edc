import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../clock.ts';

/** How often the loop is looked at: a delay shorter than this may go unseen. */
const RESOLUTION_MS = 20;
const TELL_EACH_MS = 1000;
const NS_PER_MS = 1e6;

/**
 * Tells, about once a second, the longest time in milliseconds that the event loop was held up since it told last.
 * Nothing of ours runs at each look: the samples are taken outside of JavaScript.
 */
export function watchLoopDelay(clock: Clock, tell: (ms: number) => void): { close(): void } {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const cancel = clock.every(TELL_EACH_MS, () => {
    tell(Math.max(0, delays.max / NS_PER_MS - RESOLUTION_MS));
    delays.reset();
  });
  return {
    close: () => {
      cancel();
      delays.disable();
    },
  };
}
