import type { Clock } from '@xem/runtime';
import { deadlineError, unreachableError } from './client-error.ts';
import type { WireRequest } from './request.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Sends one request. Redirects are not followed: no router sends any, and a key must not travel on. */
export async function send(
  fetch: Fetch,
  { url, method, headers, body }: WireRequest,
  signal: AbortSignal,
): Promise<Response> {
  try {
    return await fetch(url, {
      method,
      headers,
      signal,
      redirect: 'manual',
      ...(body !== undefined && { body }),
    });
  } catch (error) {
    throw broken(url, error, signal);
  }
}

/** What a failed read or write is to a caller: his own reason when he aborted, else that nobody is there. */
export const broken = (url: string, error: unknown, signal: AbortSignal): unknown =>
  signal.aborted ? signal.reason : unreachableError(new URL(url).origin, error);

interface Deadline {
  readonly signal: AbortSignal;
  readonly clear: () => void;
}

/** A signal that aborts with the caller's, or after `timeoutMs` with a deadline error. */
export function withDeadline(clock: Clock, timeoutMs: number, caller?: AbortSignal): Deadline {
  const controller = new AbortController();
  const clear = clock.after(timeoutMs, () => controller.abort(deadlineError(timeoutMs)));
  const signal = caller ? AbortSignal.any([caller, controller.signal]) : controller.signal;
  return { signal, clear };
}
