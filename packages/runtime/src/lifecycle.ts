import type { Log } from './log.ts';

type Close = () => Promise<void> | void;

/** What a program has opened, closed in reverse order, once. */
export interface Lifecycle {
  /** Remembers how to close a thing; returns the thing. */
  own<T>(thing: T, close: (thing: T) => Promise<void> | void): T;
  /** Closes everything, last opened first. A failing close is logged and the others go on. */
  close(): Promise<void>;
}

/** An empty lifecycle. */
export function createLifecycle(log: Log): Lifecycle {
  const closers: Close[] = [];
  let closing: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    for (let close = closers.pop(); close; close = closers.pop()) {
      try {
        await close();
      } catch (err) {
        log.error('process.close_failed', { err });
      }
    }
  };
  return {
    own: (thing, close) => {
      closers.push(() => close(thing));
      return thing;
    },
    close: () => (closing ??= closeAll()),
  };
}

interface StopOptions {
  readonly log: Log;
  readonly lifecycle: Lifecycle;
  /** The process ends with status 1 when closing takes longer. */
  readonly graceMs: number;
  /** What SIGHUP does in place of ending the process. */
  readonly onHangup?: () => void;
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Ends the process well: on a signal, and when the supervisor that forked it goes away. Returns a function that
 * starts the same stop from inside, with the exit status to end with.
 */
export function stopOnSignals({
  log,
  lifecycle,
  graceMs,
  onHangup,
}: StopOptions): (status: number, why: string) => void {
  let stopping = false;
  const stop = (status: number, why: string): void => {
    if (stopping) return;
    stopping = true;
    log.info('process.stopping', { why });
    setTimeout(() => process.exit(1), graceMs).unref();
    void lifecycle.close().then(() => process.exit(status));
  };
  for (const signal of STOP_SIGNALS) process.on(signal, () => stop(0, signal));
  process.on('SIGHUP', onHangup ?? (() => stop(0, 'SIGHUP')));
  process.on('disconnect', () => stop(0, 'supervisor_gone'));
  return stop;
}
