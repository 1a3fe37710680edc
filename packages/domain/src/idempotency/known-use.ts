import { ExecError } from '@xem/errors';
import { hashJson } from '@xem/protocol';
import type { IdempotencyReader, IdempotencyRecord, WriteTx } from '@xem/store';
import type { Governed, VerbContext } from '../context.ts';

/** What an `Idempotency-Key` is bound to. */
export interface KeyedRequest {
  readonly operation: Governed;
  /** Compared by its canonical form. */
  readonly body: unknown;
}

/** What a body is compared by. @throws ExecError invalid_body when it has no canonical form */
function hashBody(body: unknown): string {
  try {
    return hashJson(body);
  } catch (cause) {
    throw new ExecError(
      'invalid_body',
      'the body has no canonical JSON form: it holds a broken string or number',
      { cause },
    );
  }
}

/**
 * What the request's idempotency key made before; null when the key is new or none was sent.
 * @throws ExecError exec_idempotency_conflict when it came with another body
 */
export async function knownUse(
  { idempotencyKey: key, projectId, caller }: VerbContext,
  rows: IdempotencyReader,
  { operation, body }: KeyedRequest,
): Promise<IdempotencyRecord | null> {
  if (key === null) return null;
  const known = await rows.get({
    projectId,
    principalId: caller.principal.id,
    operation: operation.id,
    key,
  });
  if (!known || known.bodySha256 === hashBody(body)) return known;
  const message = `the idempotency key was used with another body, for ${known.madeId}`;
  throw new ExecError('exec_idempotency_conflict', message, { param: 'Idempotency-Key' });
}

/** Binds the request's idempotency key, if it has one, to what it made. */
export async function rememberUse(
  { idempotencyKey: key, projectId, caller, clock }: VerbContext,
  tx: WriteTx,
  { operation, body, madeId }: KeyedRequest & Pick<IdempotencyRecord, 'madeId'>,
): Promise<void> {
  if (key === null) return;
  await tx.idempotency.insert({
    projectId,
    principalId: caller.principal.id,
    operation: operation.id,
    key,
    bodySha256: hashBody(body),
    madeId,
    createdAt: clock.now(),
  });
}
