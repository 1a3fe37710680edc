import { ExecError } from '@xem/errors';
import type { Surface } from '@xem/protocol';

const OWN_CLIENTS: ReadonlySet<string> = new Set<Surface>(['cli', 'mcp', 'console']);
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const PRINTABLE = /^[\x20-\x7e]{1,255}$/;
const WAIT = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?(?=$|[,;\s])/i;

/** A wait lasts at most this many seconds, whatever is asked for. */
const WAIT_SECONDS_MAX = 60;

const isOwnClient = (word: string): word is 'cli' | 'mcp' | 'console' => OWN_CLIENTS.has(word);

/** What a client of ours says it is; `rest` for all others. */
export const surfaceOf = (header: string | undefined): Surface =>
  header !== undefined && isOwnClient(header) ? header : 'rest';

/** A W3C trace context, or null when the header is none. */
export const traceparentOf = (header: string | undefined): string | null =>
  header !== undefined && TRACEPARENT.test(header) ? header : null;

/** The `Idempotency-Key`, or null. @throws ExecError invalid_body unless it is 1 to 255 printable ASCII characters */
export function idempotencyKeyOf(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (PRINTABLE.test(header)) return header;
  const param = 'Idempotency-Key';
  throw new ExecError('invalid_body', `${param} must be 1 to 255 printable ASCII characters`, { param });
}

/** The seconds of `Prefer: wait=N`, at most 60; null when the client does not wait. */
export function waitSecondsOf(header: string | undefined): number | null {
  const seconds = header === undefined ? undefined : WAIT.exec(header)?.[1];
  return seconds === undefined ? null : Math.min(Number(seconds), WAIT_SECONDS_MAX);
}
