import type { ChildProcess } from 'node:child_process';
import { readStat, signal } from './process-table.ts';
import type { Meta, SpoolFolder } from './spool.ts';

/** How a leader ended: the status it left, or the signal that ended the leader itself. */
export interface LeaderExit {
  readonly status: number | null;
  readonly signal: string | null;
}

/** The `sh` that leads a run's process group. */
export interface Leader {
  readonly pid: number;
  /** Calls once, when the leader has ended. */
  onEnd(ended: (exit: LeaderExit) => void): void;
  /** Looks whether it has ended; for a leader whose parent is not this process nobody else tells. */
  poll(): void;
  /** Signals the whole group. */
  kill(name: NodeJS.Signals): void;
  /** Lets this process end before the leader does. */
  release(): void;
}

/** A leader that this process started. */
export function ownLeader(child: ChildProcess, pid: number): Leader {
  return {
    pid,
    onEnd: (ended) => child.once('exit', (status, name) => ended({ status, signal: name })),
    poll: () => undefined,
    kill: (name) => {
      if (child.exitCode === null && child.signalCode === null) signal(-pid, name);
    },
    release: () => child.unref(),
  };
}

/** Tells whether the process of `meta` is still that process: a pid means another one after it ended. */
export function isStillThere({ pid, start_ticks, boot_id }: Meta, bootId: string): boolean {
  const stat = readStat(pid);
  return boot_id === bootId && stat !== null && stat.alive && stat.startTicks === start_ticks;
}

/** A leader that an earlier agent started. Its status is in the spool. */
export function adoptedLeader(spool: SpoolFolder, meta: Meta, bootId: string): Leader {
  const { promise, resolve } = Promise.withResolvers<LeaderExit>();
  return {
    pid: meta.pid,
    onEnd: (ended) => void promise.then(ended),
    poll: () => {
      const isThere = isStillThere(meta, bootId);
      const status = spool.readStatus();
      if (status !== null || !isThere) resolve({ status, signal: null });
    },
    kill: (name) => {
      if (isStillThere(meta, bootId)) signal(-meta.pid, name);
    },
    release: () => undefined,
  };
}
