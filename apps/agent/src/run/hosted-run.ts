import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttemptKey, InvocationId, OutputStream } from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import { createGrowth } from './growth.ts';
import { hostedEnd, type HostedEnd } from './hosted-end.ts';
import { openSink, type Sink } from './hosted-sink.ts';
import { maskText, type Mask } from './mask.ts';
import type { Run, RunEnd } from './run.ts';
import { createSpoolOutput, fileBytes } from './spool-output.ts';
import type { Cause, SpoolFolder } from './spool.ts';

/** What hosted work has. */
export interface HostedIo {
  /** Aborts when the run is cancelled, its time is up or it wrote too much. The work has to end then. */
  readonly signal: AbortSignal;
  /** Appends to a stream; resolves once the next piece may come. Bytes over the output limit end the run. */
  write(stream: OutputStream, bytes: Buffer): Promise<void>;
}

/** What the agent does for a call that is no process here: it asks some server. */
type HostedWork = (io: HostedIo) => Promise<HostedEnd>;

/** A call to be carried out in the agent itself. */
export interface HostedRequest {
  readonly key: AttemptKey;
  readonly invocationId: InvocationId;
  readonly timeoutMs: number;
  readonly outputBytesMax: number;
  readonly mask: Mask;
  readonly work: HostedWork;
}

interface HostedContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly spool: SpoolFolder;
  /** The name of its mask in the archive. */
  readonly maskName: string | null;
}

/** A hosted run, and the way to give it up because the agent ends: then `ended` stays open. */
export interface Hosted {
  readonly run: Run;
  detach(): void;
}

/** How long work may take to notice that it shall end. */
const ABORT_GRACE_MS = 5000;

/** In place of a process that leads the run: nothing of it goes on once this agent has ended. */
const NO_LEADER = { pid: 1, start_ticks: 0, boot_id: 'hosted' };

const DEAF: HostedEnd = { kind: 'unknown', why: 'the call did not stop when it was told to' };

interface Stopping {
  readonly signal: AbortSignal;
  readonly cause: Cause | null;
  /** Resolves when the work did not end in time after it was told to. */
  readonly givenUp: Promise<HostedEnd>;
  stop(cause: Cause): void;
}

function createStopping(clock: Clock): Stopping {
  const abort = new AbortController();
  const givenUp = Promise.withResolvers<HostedEnd>();
  let cause: Cause | null = null;
  return {
    signal: abort.signal,
    get cause() {
      return cause;
    },
    givenUp: givenUp.promise,
    stop: (why) => {
      if (cause) return;
      cause = why;
      abort.abort(new Error(why.reason));
      clock.after(ABORT_GRACE_MS, () => givenUp.resolve(DEAF));
    },
  };
}

function openSpool({ spool, maskName: mask }: HostedContext, request: HostedRequest): void {
  const { key, invocationId, timeoutMs, outputBytesMax } = request;
  const limits = { timeout_ms: timeoutMs, output_bytes_max: outputBytesMax };
  spool.create('');
  for (const path of [spool.out, spool.err]) writeFileSync(path, '', { mode: 0o600 });
  spool.writeMeta({ ...key, ...NO_LEADER, invocation_id: invocationId, ...limits, mask });
}

/** What a later agent reads, should this one end before the router has the result. */
function leaveTrace({ spool, log }: HostedContext, hosted: HostedEnd, cause: Cause | null): void {
  try {
    if (cause) spool.writeCause(cause);
    if (hosted.kind === 'exit')
      writeFileSync(join(spool.path, 'exit'), `${hosted.status}\n`, { mode: 0o600 });
  } catch (err) {
    log.error('run.end_not_written', { err });
  }
}

/** Part of a reason that a server gave: it may hold what the server was told, and be of any length. */
const WHY_CHARS_MAX = 1000;

const shown = (hosted: HostedEnd, mask: Mask): HostedEnd =>
  hosted.kind === 'exit' ? hosted : { ...hosted, why: maskText(mask, hosted.why).slice(0, WHY_CHARS_MAX) };

async function carryOut(
  { log }: HostedContext,
  { key, mask, work }: HostedRequest,
  io: HostedIo,
): Promise<HostedEnd> {
  try {
    return shown(await work(io), mask);
  } catch (err) {
    log.error('run.hosted_failed', { ...key, err });
    return { kind: 'unknown', why: 'the call broke off on the host' };
  }
}

/** Runs work in the agent, with its output in a spool folder where a later agent finds what it left. */
export function hostRun(ctx: HostedContext, request: HostedRequest): Hosted {
  const { clock, spool } = ctx;
  const { key, outputBytesMax, mask } = request;
  const startedAt = clock.monotonic();
  const { promise: ended, resolve } = Promise.withResolvers<RunEnd>();
  const growth = createGrowth();
  const stopping = createStopping(clock);
  openSpool(ctx, request);
  const onFull = (): void => stopping.stop({ by: 'limit', reason: 'output limit' });
  const sink = (path: string): Sink => openSink(path, { bytesMax: outputBytesMax, growth, onFull });
  const sinks = { stdout: sink(spool.out), stderr: sink(spool.err) };
  const stopTimeout = clock.after(request.timeoutMs, () =>
    stopping.stop({ by: 'timeout', reason: 'time limit' }),
  );
  let isDetached = false;
  const settle = async (): Promise<void> => {
    const io: HostedIo = { signal: stopping.signal, write: (stream, bytes) => sinks[stream].write(bytes) };
    const hosted = await Promise.race([carryOut(ctx, request, io), stopping.givenUp]);
    stopTimeout();
    await Promise.all([sinks.stdout.close(), sinks.stderr.close()]);
    if (isDetached) return;
    const { cause } = stopping;
    const truncated = Math.max(fileBytes(spool.out), fileBytes(spool.err)) > outputBytesMax;
    leaveTrace(ctx, hosted, cause);
    growth.end();
    resolve(hostedEnd({ hosted, cause, truncated, durationMs: clock.monotonic() - startedAt }));
  };
  void settle();
  const stream = (path: string) => createSpoolOutput({ path, bytesMax: outputBytesMax, mask, growth }, ended);
  const cancel = (reason: string): void => stopping.stop({ by: 'cancel', reason });
  const detach = (): void => {
    isDetached = true;
    stopping.stop({ by: 'cancel', reason: 'the agent ends' });
  };
  return {
    run: { key, pid: null, stdout: stream(spool.out), stderr: stream(spool.err), ended, cancel },
    detach,
  };
}
