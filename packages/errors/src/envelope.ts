import type { ErrorCode } from './catalog.ts';
import type { ErrorType } from './error-row.ts';
import type { ExecError } from './exec-error.ts';
import { typeOfStatus } from './status.ts';

/** How a client should space its tries after a 429. Times in milliseconds; `jitter` is a share of the delay, 0 to 1. */
export interface RetryStrategy {
  readonly type: 'exponential';
  readonly initial_delay_ms: number;
  readonly max_delay_ms: number;
  readonly multiplier: number;
  readonly jitter: number;
}

/** What every refused request answers, and what the `error` event of a stream carries. */
export interface ErrorEnvelope {
  readonly error: {
    readonly message: string;
    readonly type: ErrorType;
    readonly code: ErrorCode;
    readonly param: string | null;
    readonly retry_after?: number;
    readonly retry_strategy?: RetryStrategy;
  };
}

const MAX_DELAY_MS = 60_000;

/** Builds the envelope of an error; a 429 says when and how to try again. */
export function toEnvelope(error: ExecError): ErrorEnvelope {
  const { message, code, param, status } = error;
  const body = { message, type: typeOfStatus(status ?? 500), code, param };
  if (status !== 429) return { error: body };
  const retryAfter = Math.max(1, Math.ceil(error.retryAfterSeconds ?? 1));
  return { error: { ...body, retry_after: retryAfter, retry_strategy: strategyAfter(retryAfter) } };
}

function strategyAfter(retryAfterSeconds: number): RetryStrategy {
  return {
    type: 'exponential',
    initial_delay_ms: retryAfterSeconds * 1000,
    max_delay_ms: Math.max(MAX_DELAY_MS, retryAfterSeconds * 1000),
    multiplier: 2,
    jitter: 0.2,
  };
}
