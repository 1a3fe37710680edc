import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Names a process for good: a pid comes back, the pair of pid and start does not. `started` is in clock ticks since boot. */
export const ProcessName = z.object({ pid: z.int().min(1), started: z.int().min(0) });
export type ProcessName = z.infer<typeof ProcessName>;

/** What the kernel tells of a process. */
export interface ProcessRow extends ProcessName {
  readonly parent: number;
  readonly words: readonly string[];
}

/** Fields of /proc/PID/stat as proc(5) numbers them, and the first one behind name and state. */
const FIRST_FIELD = 4;
const PARENT_FIELD = 4;
const STARTED_FIELD = 22;
const TICKS_PER_SECOND = 100;

/** Reads one row of the process table; null when there is no such process, or it is a zombie. */
export function readProcess(pid: number): ProcessRow | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold blanks: fields are counted from behind it.
    const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return null;
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
    return {
      pid,
      started: Number(fields[STARTED_FIELD - FIRST_FIELD]),
      parent: Number(fields[PARENT_FIELD - FIRST_FIELD]),
      words,
    };
  } catch {
    return null;
  }
}

/** Tells whether this very process, not a later one with its pid, is alive. */
export const isAlive = ({ pid, started }: ProcessName): boolean => readProcess(pid)?.started === started;

/** For how many milliseconds a process has been running. */
export function ageMs({ started }: ProcessName): number {
  const [uptimeSeconds = '0'] = readFileSync('/proc/uptime', 'utf8').split(' ');
  return Math.max(0, Number(uptimeSeconds) * 1000 - (started / TICKS_PER_SECOND) * 1000);
}

/** Sends a signal; true when the process was there to get it. */
export function signalProcess(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
