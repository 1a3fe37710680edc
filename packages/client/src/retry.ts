import type { Clock, IdSource } from '@xem/runtime';
import { ClientError } from './client-error.ts';

const FIRST_DELAY_MS = 200;
const DELAY_MS_MAX = 5000;
/** A router that asks for more patience than this is left to the caller. */
const RETRY_AFTER_SECONDS_MAX = 30;
/** Tries of one call, the first included. */
export const TRIES = 4;

/** What waiting between tries takes. Without `ids` the delays have no jitter. */
export interface Patience {
  readonly clock: Clock;
  readonly ids?: Pick<IdSource, 'bytes'> | undefined;
}

/** Milliseconds before try number `tried + 1`: doubled each time, up to half of it taken off at random. */
function backoffMs({ ids }: Patience, tried: number): number {
  const full = Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** (tried - 1));
  const share = ids ? ids.bytes(1).readUInt8(0) / 255 : 0;
  return full * (1 - share / 2);
}

/** Milliseconds to wait after a failed try; null when another one makes no sense. */
function delayAfter(patience: Patience, error: unknown, tried: number): number | null {
  if (!(error instanceof ClientError) || !error.retryable) return null;
  const { retryAfterSeconds } = error;
  if (retryAfterSeconds === null) return backoffMs(patience, tried);
  return retryAfterSeconds > RETRY_AFTER_SECONDS_MAX ? null : retryAfterSeconds * 1000;
}

/** Tries until it succeeds, fails for good, or `TRIES` are used up. For requests that are safe to repeat only. */
export async function retrying<T>(
  patience: Patience,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await attempt();
    } catch (error) {
      await recover(patience, { error, tried, tries: TRIES }, signal);
    }
  }
}

interface Failure {
  readonly error: unknown;
  readonly tried: number;
  readonly tries: number;
}

/** Waits for the next try. @throws the error itself when there is none, or the signal's reason */
export async function recover(
  patience: Patience,
  { error, tried, tries }: Failure,
  signal: AbortSignal,
): Promise<void> {
  const delayMs = tried < tries ? delayAfter(patience, error, tried) : null;
  if (delayMs === null) throw error;
  await pause(patience.clock, delayMs, signal);
}

/** Sleeps. @throws the reason of the signal */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  await clock.sleep(ms, signal).catch(() => undefined);
  if (signal.aborted) throw signal.reason;
}
