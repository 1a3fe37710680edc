import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AttemptKey, InvocationId } from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import { readHostFacts } from './host-facts.ts';
import { hostRun, type Hosted, type HostedRequest } from './hosted-run.ts';
import { adoptedLeader, isStillThere, ownLeader } from './leader.ts';
import { openMaskArchive, type MaskArchive } from './mask-archive.ts';
import { createMask, type Mask } from './mask.ts';
import { memoryRun, unstarted, type MemoryEnd } from './memory-run.ts';
import { ageOf, readStat, signal } from './process-table.ts';
import { resolveProgram } from './resolve-program.ts';
import { limitWords, type ResourceLimits } from './resource-limits.ts';
import type { Run } from './run.ts';
import { SH_LINE } from './sh-line.ts';
import { folderName, keyOf, spoolFolder, type Meta, type SpoolFolder } from './spool.ts';
import { recall, supervise, type Job, type Supervised, type Supervision } from './supervise.ts';

/** A program to run. */
export interface RunRequest {
  readonly key: AttemptKey;
  readonly invocationId: InvocationId;
  /** The program and its arguments, which nothing interprets. */
  readonly argv: readonly [string, ...string[]];
  /** The whole environment, to which only `XEM_EXECUTION_ID`, `XEM_INVOCATION_ID` and `XEM_ATTEMPT` are added. */
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string | Buffer;
  readonly timeoutMs: number;
  /** What is kept of each stream; a byte more ends the run. */
  readonly outputBytesMax: number;
  readonly limits: ResourceLimits;
  readonly mask: Mask;
}

/** Runs tools in spool folders; programs outlive the agent there. */
export interface Runner {
  /**
   * Starts an attempt. What cannot be started is a run that ended with `tool_spawn_failed`. Throws when the attempt
   * was started before.
   */
  start(request: RunRequest): Run;
  /** The same for what the agent does itself. It ends with the agent; a later one finds what it wrote until then. */
  host(request: HostedRequest): Run;
  /**
   * Finds an attempt again, running or ended; null when it has no folder. Its output is masked as it was at its start;
   * `mask` serves when that is not known.
   */
  reattach(key: AttemptKey, mask: Mask): Run | null;
  /** The attempts that have a folder. */
  list(): AttemptKey[];
  /** Deletes the folder of an attempt that has ended. */
  remove(key: AttemptKey): Promise<void>;
  /** Leaves every run alone: programs run on, the rest is given up, and `ended` of theirs stays open. */
  close(): void;
}

interface RunnerOptions {
  readonly spoolDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How often to look for what the kernel did not tell; 250 by default. */
  readonly pollMs?: number;
  /** From SIGTERM to SIGKILL; 5000 by default. */
  readonly killGraceMs?: number;
  /** From SIGKILL to giving up; 2000 by default. */
  readonly reapGraceMs?: number;
}

interface RunnerContext extends Supervision {
  readonly spoolDir: string;
  readonly masks: MaskArchive;
}

function spawnLeader(ctx: RunnerContext, request: RunRequest, spool: SpoolFolder): ChildProcess {
  const { key, invocationId, argv, env, limits } = request;
  const identity = {
    XEM_EXECUTION_ID: key.execution_id,
    XEM_INVOCATION_ID: invocationId,
    XEM_ATTEMPT: String(key.attempt),
  };
  return spawn('/bin/sh', ['-c', SH_LINE, 'xem', spool.path, ...limitWords(limits, ctx.host), ...argv], {
    cwd: spool.work,
    detached: true,
    stdio: 'ignore',
    env: { ...env, ...identity },
  });
}

interface Started {
  readonly pid: number;
  /** The name of its mask in the archive. */
  readonly mask: string | null;
}

function metaOf({ host }: RunnerContext, request: RunRequest, { pid, mask }: Started): Meta {
  return {
    ...request.key,
    invocation_id: request.invocationId,
    pid,
    start_ticks: readStat(pid)?.startTicks ?? 0,
    boot_id: host.bootId,
    timeout_ms: request.timeoutMs,
    output_bytes_max: request.outputBytesMax,
    mask,
  };
}

/** Writes what a later agent needs; a run that it could not find again is ended here and now. */
function report(spool: SpoolFolder, meta: Meta): void {
  try {
    spool.writeMeta(meta);
  } catch (err) {
    signal(-meta.pid, 'SIGKILL');
    throw err;
  }
}

function launch(
  ctx: RunnerContext,
  request: RunRequest,
  spool: SpoolFolder,
): Supervised | Promise<MemoryEnd> {
  const before = ctx.clock.monotonic();
  const maskName = ctx.masks.keep(request.mask);
  const child = spawnLeader(ctx, request, spool);
  const failed = new Promise<MemoryEnd>((resolve) => {
    child.once('error', (err) => resolve(unstarted(`the tool could not be started: ${err.message}`)));
  });
  if (child.pid === undefined) return failed;
  report(spool, metaOf(ctx, request, { pid: child.pid, mask: maskName }));
  const { key, mask, outputBytesMax, timeoutMs } = request;
  const job: Job = { key, spool, outputBytesMax, mask, cause: null };
  const ageMs = ctx.clock.monotonic() - before;
  return supervise(ctx, job, { leader: ownLeader(child, child.pid), timeoutMs, ageMs });
}

function begin(ctx: RunnerContext, request: RunRequest): Supervised | Promise<MemoryEnd> {
  const { key, argv, env, stdin } = request;
  const program = resolveProgram(argv[0], env['PATH']);
  if (program === null) {
    return Promise.resolve(unstarted(`${argv[0]} is not a program that this host can execute`));
  }
  const spool = spoolFolder(ctx.spoolDir, key);
  if (spool.exists()) throw new Error(`${folderName(key)} was started before`);
  try {
    spool.create(stdin);
    return launch(ctx, { ...request, argv: [program, ...argv.slice(1)] }, spool);
  } catch (err) {
    ctx.log.error('run.start_failed', { ...key, err });
    return Promise.resolve(unstarted('the tool could not be started: the spool cannot be written'));
  }
}

function beginHosted(ctx: RunnerContext, request: HostedRequest): Hosted | Promise<MemoryEnd> {
  const spool = spoolFolder(ctx.spoolDir, request.key);
  if (spool.exists()) throw new Error(`${folderName(request.key)} was started before`);
  try {
    return hostRun({ ...ctx, spool, maskName: ctx.masks.keep(request.mask) }, request);
  } catch (err) {
    ctx.log.error('run.start_failed', { ...request.key, err });
    return Promise.resolve(unstarted('the tool could not be started: the spool cannot be written'));
  }
}

/** The mask a run was started with; where nobody knows which, every secret there was and is. */
function maskOf({ masks }: RunnerContext, meta: Meta | null, given: Mask): Mask {
  if (meta === null) return createMask([...given.values, ...masks.all().values]);
  return (meta.mask !== null && masks.find(meta.mask)) || given;
}

function findAgain(ctx: RunnerContext, key: AttemptKey, given: Mask): Supervised | Run | null {
  const spool = spoolFolder(ctx.spoolDir, key);
  if (!spool.exists()) return null;
  const meta = spool.readMeta();
  const mask = maskOf(ctx, meta, given);
  const outputBytesMax = meta?.output_bytes_max ?? Number.MAX_SAFE_INTEGER;
  const job: Job = { key, spool, outputBytesMax, mask, cause: spool.readCause() };
  const { bootId } = ctx.host;
  if (!meta || !isStillThere(meta, bootId)) return recall(ctx, job);
  const lead = { leader: adoptedLeader(spool, meta, bootId), timeoutMs: meta.timeout_ms };
  return supervise(ctx, job, { ...lead, ageMs: ageOf(meta.start_ticks) });
}

/** The attempts that have a folder in the spool. */
const listSpool = (spoolDir: string): AttemptKey[] =>
  readdirSync(spoolDir).flatMap((name) => keyOf(name) ?? []);

/** The masks that runs of the spool were started with. */
function openMasks(spoolDir: string): MaskArchive {
  const masks = openMaskArchive(join(spoolDir, 'masks'));
  const metas = listSpool(spoolDir).map((key) => spoolFolder(spoolDir, key).readMeta());
  if (!metas.includes(null)) masks.retain(new Set(metas.flatMap((meta) => meta?.mask ?? [])));
  return masks;
}

/** A runner over the spool in `spoolDir`, which is made when it is not there. */
export function createRunner(options: RunnerOptions): Runner {
  const { spoolDir } = options;
  const times = { pollMs: 250, killGraceMs: 5000, reapGraceMs: 2000, ...options };
  mkdirSync(spoolDir, { recursive: true, mode: 0o700 });
  const ctx: RunnerContext = { ...times, host: readHostFacts(), masks: openMasks(spoolDir) };
  const live = new Set<Supervised | Hosted>();
  const follow = (started: Supervised | Hosted): Run => {
    live.add(started);
    void started.run.ended.then(() => live.delete(started));
    return started.run;
  };
  const runOf = (key: AttemptKey, begun: Supervised | Hosted | Promise<MemoryEnd>): Run =>
    begun instanceof Promise ? memoryRun(key, begun) : follow(begun);
  return {
    start: (request) => runOf(request.key, begin(ctx, request)),
    host: (request) => runOf(request.key, beginHosted(ctx, request)),
    reattach: (key, mask) => {
      const found = findAgain(ctx, key, mask);
      return found && 'run' in found ? follow(found) : found;
    },
    list: () => listSpool(spoolDir),
    remove: (key) => rm(join(spoolDir, folderName(key)), { recursive: true, force: true }),
    close: () => {
      for (const started of live) started.detach();
      live.clear();
    },
  };
}
