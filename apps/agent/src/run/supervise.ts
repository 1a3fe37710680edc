import type { AttemptKey } from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import { createGrowth, type Growth } from './growth.ts';
import type { HostFacts } from './host-facts.ts';
import type { Leader, LeaderExit } from './leader.ts';
import type { Mask } from './mask.ts';
import { outcomeOf } from './outcome.ts';
import type { Run, RunEnd, RunOutput } from './run.ts';
import { createSpoolOutput, fileBytes } from './spool-output.ts';
import type { Cause, SpoolFolder } from './spool.ts';
import { createStopper } from './stopper.ts';
import { sweep } from './sweep.ts';
import { watchFolder } from './watch-folder.ts';

/** What every run of an agent is looked after with. */
export interface Supervision {
  readonly clock: Clock;
  readonly log: Log;
  readonly host: HostFacts;
  readonly pollMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly killGraceMs: number;
  /** From SIGKILL to giving up. */
  readonly reapGraceMs: number;
}

/** A started attempt. */
export interface Job {
  readonly key: AttemptKey;
  readonly spool: SpoolFolder;
  readonly outputBytesMax: number;
  readonly mask: Mask;
  /** Why an earlier agent told it to end. */
  readonly cause: Cause | null;
}

/** The leader of a live run. */
interface Lead {
  readonly leader: Leader;
  readonly timeoutMs: number;
  /** How long it had been running when this agent took it over. */
  readonly ageMs: number;
}

/** A run that is looked after, and the way to leave it alone: then it runs on and `ended` stays open. */
export interface Supervised {
  readonly run: Run;
  detach(): void;
}

interface Outputs {
  readonly growth: Growth;
  readonly stdout: RunOutput;
  readonly stderr: RunOutput;
}

interface Ending extends LeaderExit {
  readonly cause: Cause | null;
  readonly durationMs: number;
  /** Null when the leader was gone before this agent looked. */
  readonly pid: number | null;
}

/** A stream may outgrow its limit by this much before the run loses its grace. */
const OVERSHOOT_BYTES_MAX = 64 * 1024 * 1024;

const TIMER_MS_MAX = 2_147_483_647;

function outputsOf({ spool, outputBytesMax, mask }: Job, ended: Promise<RunEnd>): Outputs {
  const growth = createGrowth();
  const stream = (path: string): RunOutput =>
    createSpoolOutput({ path, bytesMax: outputBytesMax, mask, growth }, ended);
  return { growth, stdout: stream(spool.out), stderr: stream(spool.err) };
}

const largestStream = ({ spool }: Job): number => Math.max(fileBytes(spool.out), fileBytes(spool.err));

async function survivorsOf(ctx: Supervision, job: Job, ending: Ending): Promise<number[]> {
  const { clock, log, host, reapGraceMs } = ctx;
  const { pid, durationMs } = ending;
  const executionId = job.key.execution_id;
  const since = pid === null ? null : { pid, ageMs: durationMs };
  try {
    const target = { executionId, group: pid, since };
    return await sweep({ clock, pidMax: host.pidMax, reapGraceMs }, target);
  } catch (err) {
    log.error('run.sweep_failed', { executionId, err });
    return [];
  }
}

async function conclude(ctx: Supervision, job: Job, ending: Ending): Promise<RunEnd> {
  const survivors = await survivorsOf(ctx, job, ending);
  const { status, signal: leaderSignal, cause, durationMs } = ending;
  const truncated = largestStream(job) > job.outputBytesMax;
  const end = outcomeOf({ status, leaderSignal, cause, truncated, survivors, durationMs });
  ctx.log.debug('run.ended', { ...job.key, status: end.status, exitCode: end.exit_code, durationMs });
  return end;
}

/** Looks after a run until nothing of it is left. */
export function supervise(ctx: Supervision, job: Job, lead: Lead): Supervised {
  const { clock, log } = ctx;
  const { key, spool } = job;
  const { leader, ageMs } = lead;
  const startedAt = clock.monotonic() - ageMs;
  const { promise: ended, resolve } = Promise.withResolvers<RunEnd>();
  const { growth, stdout, stderr } = outputsOf(job, ended);
  const { killGraceMs, reapGraceMs } = ctx;
  const onStuck = (): void => void finish({ status: null, signal: null });
  const stopping = { clock, log, spool, leader, killGraceMs, reapGraceMs, onStuck };
  const stopper = createStopper(stopping, job.cause);
  const look = (): void => {
    const over = largestStream(job) - job.outputBytesMax;
    if (over > 0) stopper.stop({ by: 'limit', reason: 'output limit' });
    if (over > OVERSHOOT_BYTES_MAX) stopper.hurry();
    growth.notify();
    leader.poll();
  };
  const stopWatching = watchFolder(ctx, spool.path, look);
  const leftMs = Math.min(Math.max(0, lead.timeoutMs - ageMs), TIMER_MS_MAX);
  const stopTimeout = clock.after(leftMs, () => stopper.stop({ by: 'timeout', reason: 'time limit' }));
  let isOver = false;
  const detach = (): void => {
    isOver = true;
    stopWatching();
    stopTimeout();
    stopper.close();
    leader.release();
  };
  async function finish(exit: LeaderExit): Promise<void> {
    if (isOver) return;
    detach();
    const durationMs = clock.monotonic() - startedAt;
    const end = await conclude(ctx, job, { ...exit, cause: stopper.cause, durationMs, pid: leader.pid });
    growth.end();
    resolve(end);
  }
  leader.onEnd((exit) => void finish(exit));
  look();
  const cancel = (reason: string): void => {
    if (!isOver) stopper.stop({ by: 'cancel', reason });
  };
  return { run: { key, pid: leader.pid, stdout, stderr, ended, cancel }, detach };
}

/** A run that had ended before this agent looked, with the status it left or none. */
export function recall(ctx: Supervision, job: Job): Run {
  const { promise: ended, resolve } = Promise.withResolvers<RunEnd>();
  const { growth, stdout, stderr } = outputsOf(job, ended);
  const { key, spool, cause } = job;
  const finish = async (): Promise<void> => {
    const durationMs = spool.durationMs();
    const ending = { status: spool.readStatus(), signal: null, cause, durationMs, pid: null };
    const end = await conclude(ctx, job, ending);
    growth.end();
    resolve(end);
  };
  void finish();
  return { key, pid: null, stdout, stderr, ended, cancel: () => undefined };
}
