import type { ExecutionId } from '@xem/protocol';
import type { Clock } from '@xem/runtime';
import {
  carries,
  groupExists,
  lastPid,
  listProcesses,
  processOf,
  readStat,
  signal,
  startedSince,
} from './process-table.ts';

/** A run whose leader has ended. */
export interface SweepTarget {
  readonly executionId: ExecutionId;
  /** The process group, when its leader was seen alive a moment ago and it cannot be somebody else's yet. */
  readonly group: number | null;
  /** The leader and how long ago it was started; null when nobody knows, and every process is looked at. */
  readonly since: { readonly pid: number; readonly ageMs: number } | null;
}

interface SweepContext {
  readonly clock: Clock;
  readonly pidMax: number;
  /** How long the killed may take to vanish before they count as survivors. */
  readonly reapGraceMs: number;
}

const PAUSE_MS_MAX = 50;

/** Environments read at a time: each takes a file descriptor. */
const BATCH = 32;

/** On a busy host there is always something new; it is not looked at for ever while none of it is ours. */
const IDLE_LOOKS_MAX = 6;

function isInGroup(pid: number, group: number): boolean {
  const stat = readStat(pid);
  return stat !== null && stat.alive && stat.group === group;
}

interface Look {
  readonly ours: readonly number[];
  /** Processes that could not be judged yet. */
  readonly unsure: readonly number[];
}

async function lookAt(pids: readonly number[], { executionId, group }: SweepTarget): Promise<Look> {
  const ours: number[] = [];
  const unsure: number[] = [];
  const living = group !== null && groupExists(group) ? group : null;
  const judge = async (pid: number): Promise<void> => {
    const isMember = living !== null && isInGroup(pid, living);
    const isOurs = isMember || (await carries(pid, `XEM_EXECUTION_ID=${executionId}`));
    if (isOurs === true) ours.push(processOf(pid));
    if (isOurs === null) unsure.push(pid);
  };
  const others = pids.filter((pid) => pid !== process.pid);
  for (let at = 0; at < others.length; at += BATCH) {
    await Promise.all(others.slice(at, at + BATCH).map(judge));
  }
  return { ours, unsure };
}

/**
 * Looks again at what was started meanwhile: a process may fork and end between two looks. What is found stands still
 * until all of it is: one that forks without end would else outrun whoever kills its children one by one. What cannot
 * be judged is looked at until it can: it may be one of ours that just starts, or one that was killed and still dies.
 */
async function findRest(ctx: SweepContext, target: SweepTarget, until: number): Promise<number[]> {
  const rest = new Set<number>();
  const { since } = target;
  let last = lastPid();
  let pids = since ? startedSince(since.pid, since.ageMs, ctx.pidMax) : listProcesses(ctx.pidMax);
  let idleLooks = 0;
  for (;;) {
    const { ours, unsure } = await lookAt(pids, target);
    for (const pid of ours) rest.add(pid);
    for (const pid of ours) signal(pid, 'SIGSTOP');
    const newest = lastPid();
    if (ours.length === 0) idleLooks += 1;
    const isOld = newest === last || idleLooks >= IDLE_LOOKS_MAX;
    if ((isOld && unsure.length === 0) || ctx.clock.monotonic() >= until) return [...rest];
    if (unsure.length > 0) await ctx.clock.sleep(1);
    pids = [...unsure, ...(isOld ? [] : startedSince(last + 1, 0, ctx.pidMax))];
    last = newest;
  }
}

/**
 * Kills what a run left behind: its process group, and whatever carries its execution id in its environment.
 * Returns the processes that SIGKILL did not end in time; none where there is no /proc to look for them.
 */
export async function sweep(ctx: SweepContext, target: SweepTarget): Promise<number[]> {
  const until = ctx.clock.monotonic() + ctx.reapGraceMs;
  if (target.group !== null) signal(-target.group, 'SIGKILL');
  if (ctx.pidMax === 0) return [];
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)) {
    const left = await findRest(ctx, target, until);
    for (const pid of left) signal(pid, 'SIGKILL');
    if (left.length === 0 || ctx.clock.monotonic() >= until) return left;
    await ctx.clock.sleep(pauseMs);
  }
}
