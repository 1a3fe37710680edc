import { ExecError } from '@xem/errors';
import { hashJson } from '@xem/protocol';
import type { IdempotencyReader, InvocationReader, InvocationRecord, WriteTx } from '@xem/store';
import type { VerbContext } from '../context.ts';
import type { Admission, Admitting } from './admission.ts';
import { presentInvocation } from './present.ts';

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
  admitting: Admitting,
): Promise<Admission | null> {
  const { idempotencyKey: key, projectId } = ctx;
  if (key === null) return null;
  const principalId = ctx.caller.principal.id;
  const known = await rows.idempotency.get({
    projectId,
    principalId,
    operation: admitting.operation.id,
    key,
  });
  if (!known) return null;
  if (known.bodySha256 !== hashBody(admitting.body)) {
    const message = `the idempotency key was used with another body, for invocation ${known.invocationId}`;
    throw new ExecError('exec_idempotency_conflict', message, { param: 'Idempotency-Key' });
  }
  const row = await rows.invocations.get(projectId, known.invocationId);
  return row && { kind: 'replayed', body: presentInvocation(row, ctx.settings) };
}

/** Binds the request's idempotency key, if it has one, to the invocation it made. */
export async function rememberKey(
  ctx: VerbContext,
  tx: WriteTx,
  { admitting, row }: { readonly admitting: Admitting; readonly row: InvocationRecord },
): Promise<void> {
  if (ctx.idempotencyKey === null) return;
  await tx.idempotency.insert({
    projectId: ctx.projectId,
    principalId: ctx.caller.principal.id,
    operation: admitting.operation.id,
    key: ctx.idempotencyKey,
    bodySha256: hashBody(admitting.body),
    invocationId: row.id,
    createdAt: row.createdAt,
  });
}
