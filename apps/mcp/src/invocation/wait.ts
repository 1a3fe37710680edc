import { ClientError, ROUTES } from '@xem/client';
import { INVOCATION_TERMINAL, type Invocation } from '@xem/protocol';
import { WAIT_SECONDS_MAX } from '../answer/next-step.ts';
import type { ToolCall } from '../tool/fixed-tool.ts';

/** Between two reports of progress. */
const SLICE_SECONDS = 10;
/** What the router may be late by before a look is given up. */
const LATE_MS = 5000;

interface Wait {
  readonly seconds: number;
  /** Goes on while a human has not decided. */
  readonly throughGate: boolean;
}

const isAtRest = ({ status }: Invocation, { throughGate }: Wait): boolean =>
  INVOCATION_TERMINAL.has(status) || (status === 'pending_approval' && !throughGate);

/** Reads an invocation with its output once it has ended or the time is up. @throws ClientError */
export async function look(
  { caller, signal }: Pick<ToolCall, 'caller' | 'signal'>,
  id: string,
  waitSeconds: number,
): Promise<Invocation> {
  const options = { signal, waitSeconds, timeoutMs: waitSeconds * 1000 + LATE_MS };
  const { data } = await caller.client.call(ROUTES['invocation.get'], { id, include: 'output' }, options);
  return data;
}

/** What whoever lost the right to look is told, and nothing of the call. */
const LOST: ReadonlySet<string> = new Set(['authentication_required', 'endpoint_restricted']);

/** Another look that fails ends the wait with what was known before, since the call itself was taken. */
async function lookAgain(call: ToolCall, known: Invocation, seconds: number): Promise<Invocation | null> {
  try {
    return await look(call, known.id, seconds);
  } catch (err) {
    if (!(err instanceof ClientError) || LOST.has(err.code)) throw err;
    call.caller.parts.log.warn('wait.broken', { invocationId: known.id, err });
    return null;
  }
}

/**
 * Waits for the end of an invocation, at most `seconds`, and reports every ten. Rejects with the signal's reason when
 * the client leaves.
 */
export async function awaitEnd(call: ToolCall, invocation: Invocation, wait: Wait): Promise<Invocation> {
  const { clock } = call.caller.parts;
  const atMost = Math.min(wait.seconds, WAIT_SECONDS_MAX);
  const startedAt = clock.monotonic();
  let current = invocation;
  for (let waited = 0; waited < atMost && !isAtRest(current, wait);) {
    const seen = await lookAgain(call, current, Math.min(SLICE_SECONDS, Math.ceil(atMost - waited)));
    if (!seen) break;
    current = seen;
    waited = (clock.monotonic() - startedAt) / 1000;
    if (!isAtRest(current, wait)) await call.progress({ waited, atMost, message: current.status });
  }
  return current;
}
