import type { Args } from '../bundle/parameters.ts';
import { capture } from '../run/memory-output.ts';
import { memoryRun, type MemoryEnd } from '../run/memory-run.ts';
import { outcomeOf } from '../run/outcome.ts';
import type { Run } from '../run/run.ts';
import type { Cause } from '../run/spool.ts';
import type { Attempt, Provider, ProviderContext } from './provider.ts';

/** What a builtin tool leaves. */
export interface BuiltinResult {
  /** 0, or 1 when it failed. */
  readonly exitCode: 0 | 1;
  readonly stdout: string | Buffer;
  readonly stderr: string;
}

/** What a builtin tool may use beside its arguments. */
export interface BuiltinContext {
  /** Aborts when the run is cancelled or its time is up. */
  readonly signal: AbortSignal;
  /** The folder that file tools are confined to. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly outputBytesMax: number;
}

/** A tool that is a function of the agent. What it throws becomes its standard error, and exit code 1. */
export type Builtin = (args: Args, ctx: BuiltinContext) => BuiltinResult | Promise<BuiltinResult>;

/** How long a function may take to notice that it shall end. */
const ABORT_GRACE_MS = 5000;

/** A result of one JSON document. */
export const answer = (document: string): BuiltinResult => ({ exitCode: 0, stdout: document, stderr: '' });

/** A result that tells why a tool failed. */
export const failure = (message: string): BuiltinResult => ({
  exitCode: 1,
  stdout: '',
  stderr: `${message}\n`,
});

const thrown = (err: unknown): BuiltinResult => failure(err instanceof Error ? err.message : String(err));

interface Call {
  readonly ctx: ProviderContext;
  readonly attempt: Attempt;
  readonly startedAt: number;
}

/** A function that did not answer though it was told to end still runs in the agent itself. */
function conclude(
  { ctx, attempt, startedAt }: Call,
  result: BuiltinResult | null,
  cause: Cause | null,
): MemoryEnd {
  const rules = { bytesMax: attempt.outputBytesMax, mask: ctx.mask };
  const stdout = capture(Buffer.from(result?.stdout ?? ''), rules);
  const stderr = capture(Buffer.from(result?.stderr ?? ''), rules);
  const end = outcomeOf({
    status: result?.exitCode ?? null,
    leaderSignal: null,
    cause,
    truncated: stdout.truncated || stderr.truncated,
    survivors: result ? [] : [process.pid],
    durationMs: ctx.clock.monotonic() - startedAt,
  });
  return { end, stdout, stderr };
}

/** Waits for a function that did not answer at once, as long as its time lasts. */
function pend(call: Call, answering: Promise<BuiltinResult>, abort: AbortController): Run {
  const { clock } = call.ctx;
  const { key, timeoutMs } = call.attempt;
  let cause: Cause | null = null;
  const givenUp = Promise.withResolvers<null>();
  const stop = (why: Cause): void => {
    if (cause) return;
    cause = why;
    abort.abort(new Error(why.reason));
    clock.after(ABORT_GRACE_MS, () => givenUp.resolve(null));
  };
  const stopTimeout = clock.after(timeoutMs, () => stop({ by: 'timeout', reason: 'time limit' }));
  const settle = async (): Promise<MemoryEnd> => {
    const result = await Promise.race([answering.catch(thrown), givenUp.promise]);
    stopTimeout();
    return conclude(call, result, cause);
  };
  return memoryRun(key, settle(), (reason) => stop({ by: 'cancel', reason }));
}

/** Runs a function of the agent. Nothing touches the disk, and one that answers at once costs no timer. */
export function builtinProvider(ctx: ProviderContext, builtin: Builtin, root: string): Provider {
  return ({ args }) =>
    (attempt) => {
      const call: Call = { ctx, attempt, startedAt: ctx.clock.monotonic() };
      let abort: AbortController | null = null;
      const { env } = ctx;
      const { outputBytesMax } = attempt;
      const given: BuiltinContext = {
        get signal() {
          return (abort ??= new AbortController()).signal;
        },
        root,
        env,
        outputBytesMax,
      };
      const start = (): ReturnType<Builtin> => {
        try {
          return builtin(args, given);
        } catch (err) {
          return thrown(err);
        }
      };
      const result = start();
      if (result instanceof Promise) return pend(call, result, (abort ??= new AbortController()));
      return memoryRun(attempt.key, Promise.resolve(conclude(call, result, null)));
    };
}
