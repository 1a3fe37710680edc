import type { Clock } from '@xem/runtime';

/** A time of the monotonic clock as wall time, in whole milliseconds. */
export const wallTimeOf = (clock: Clock, monotonic: number): number =>
  Math.round(clock.now() + monotonic - clock.monotonic());
