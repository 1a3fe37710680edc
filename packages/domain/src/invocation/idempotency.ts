import { InvocationId } from '@xem/protocol';
import type { IdempotencyReader, InvocationReader } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { knownUse, type KeyedRequest } from '../idempotency/known-use.ts';
import type { Admission } from './admission.ts';
import { presentInvocation } from './present.ts';

interface Rows {
  readonly idempotency: IdempotencyReader;
  readonly invocations: InvocationReader;
}

/**
 * The invocation an idempotency key made before, as it is now; null when the key is new or none was sent.
 * @throws ExecError exec_idempotency_conflict when it came with another body
 */
export async function findReplay(
  ctx: VerbContext,
  rows: Rows,
  request: KeyedRequest,
): Promise<Admission | null> {
  const known = await knownUse(ctx, rows.idempotency, request);
  const row = known && (await rows.invocations.get(ctx.projectId, InvocationId.parse(known.madeId)));
  return row && { kind: 'replayed', body: presentInvocation(row, ctx.settings) };
}
