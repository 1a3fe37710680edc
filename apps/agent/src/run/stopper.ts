import type { Cancel, Clock, Log } from '@xem/runtime';
import type { Leader } from './leader.ts';
import type { Cause, SpoolFolder } from './spool.ts';

/** Ends a run that was told to: SIGTERM to its group, SIGKILL after a grace. */
export interface Stopper {
  /** Why the run was told to end; null while it was not. */
  readonly cause: Cause | null;
  /** Tells the run to end, once: the first cause stands. It is on disk before the first signal. */
  stop(cause: Cause): void;
  /** Does not wait for the grace. */
  hurry(): void;
  /** Forgets the timers; the run has ended or is left alone. */
  close(): void;
}

interface StopperContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly spool: SpoolFolder;
  readonly leader: Leader;
  readonly killGraceMs: number;
  readonly reapGraceMs: number;
  /** Called when not even SIGKILL ended the leader within `reapGraceMs`. */
  readonly onStuck: () => void;
}

/** The shell would swallow a SIGTERM that comes before it gave way to the tool, so the signal waits for that. */
const SET_UP_POLL_MS = 1;

/** A full disk must not keep a run alive: then only a restart of the agent would forget why it was stopped. */
function remember({ spool, log }: StopperContext, cause: Cause): void {
  try {
    spool.writeCause(cause);
  } catch (err) {
    log.error('run.cause_not_written', { by: cause.by, err });
  }
}

/** A stopper of one run; `given` is the cause an earlier agent left, whose signals are sent again. */
export function createStopper(ctx: StopperContext, given: Cause | null): Stopper {
  const timers: Cancel[] = [];
  let cause = given;
  let isKilled = false;
  const kill = (): void => {
    if (isKilled) return;
    isKilled = true;
    ctx.leader.kill('SIGKILL');
    timers.push(ctx.clock.after(ctx.reapGraceMs, ctx.onStuck));
  };
  const terminate = (): void => {
    if (!ctx.spool.hasStreams()) {
      timers.push(ctx.clock.after(SET_UP_POLL_MS, terminate));
      return;
    }
    ctx.leader.kill('SIGTERM');
    ctx.leader.kill('SIGCONT');
  };
  const begin = (): void => {
    timers.push(ctx.clock.after(ctx.killGraceMs, kill));
    terminate();
  };
  if (given) begin();
  return {
    get cause() {
      return cause;
    },
    stop: (why) => {
      if (cause || ctx.spool.readStatus() !== null) return;
      cause = why;
      remember(ctx, why);
      begin();
    },
    hurry: kill,
    close: () => {
      for (const cancel of timers.splice(0)) cancel();
    },
  };
}
