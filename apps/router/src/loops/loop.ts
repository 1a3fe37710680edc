import type { Clock, Log } from '@xem/runtime';

/** Something that runs until it is stopped. */
export interface Loop {
  /** Resolves when the last round has ended. */
  stop(): Promise<void>;
}

interface LoopOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Does a round of work every so often, one at a time; a round that fails is logged and the next one comes. */
export function startLoop({ name, everyMs, clock, log }: LoopOptions, round: () => Promise<void>): Loop {
  let running: Promise<void> | null = null;
  const tick = (): void => {
    running ??= round()
      .catch((err: unknown) => log.error('loop.failed', { loop: name, err }))
      .finally(() => (running = null));
  };
  const cancel = clock.every(everyMs, tick);
  return {
    stop: async () => {
      cancel();
      await running;
    },
  };
}
