import { INVOCATION_TERMINAL, type InvocationStatus } from '@xem/protocol';
import type { InvocationRecord, WriteTx } from '@xem/store';
import { priceOf } from '../credit/price.ts';
import type { Fact } from '../mutate.ts';
import { invocationFact } from './facts.ts';

/** A call that has ended, as it was saved, and what the journal hears of it. */
export interface EndedCall {
  readonly row: InvocationRecord;
  readonly fact: EndFact;
}

type Ended = Exclude<InvocationStatus, 'queued' | 'pending_approval' | 'running'>;

type EndFact = Extract<Fact, { readonly type: `invocation.${Ended}` }>;

const hasEnded = (status: InvocationStatus): status is Ended => INVOCATION_TERMINAL.has(status);

/** The entry that says how an invocation ended; reports of usage are summed up from it. @throws Error when it has not */
function endFact(row: InvocationRecord, price: number): EndFact {
  const { id, status, tool, error, result, creditReserved } = row;
  if (!hasEnded(status)) throw new Error(`invocation ${id} has not ended: ${status}`);
  return invocationFact(`invocation.${status}`, row, {
    tool,
    error,
    exit_code: result?.exitCode ?? null,
    ...(result && { duration_ms: result.durationMs, output_bytes: result.stdoutBytes + result.stderrBytes }),
    ...(creditReserved !== null && { credit: price }),
  });
}

/** Saves a call that `endBy` has brought to its end, and settles its credit. There is no other way to end one. */
export async function endCall(tx: WriteTx, ended: InvocationRecord): Promise<EndedCall> {
  const price = ended.creditReserved === null ? 0 : await priceOf(tx, ended, ended.creditReserved);
  const row = await tx.invocations.end(ended, price);
  return { row, fact: endFact(row, price) };
}
