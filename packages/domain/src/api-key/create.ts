import { ExecError } from '@xem/errors';
import { createApiKey, type OutputOf, type ParsedInputOf, type PrincipalId } from '@xem/protocol';
import type { AccessReader, PrincipalRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { refOf } from '../principal/record.ts';
import { assertMayMint } from './may-mint.ts';
import { keyCreated, mintKey, RATE_DEFAULT, type KeyDraft } from './mint.ts';
import { presentApiKey } from './present.ts';

type Request = ParsedInputOf<typeof createApiKey>;

async function loadHolder(ctx: VerbContext, rows: AccessReader, id: PrincipalId): Promise<PrincipalRecord> {
  const row = await rows.principal(ctx.projectId, id);
  if (row) return row;
  throw new ExecError('principal_not_found', `the project has no principal ${id}`, {
    param: '/principal_id',
  });
}

const toDraft = ({ caller, clock }: VerbContext, request: Request, principal: PrincipalRecord): KeyDraft => ({
  slug: caller.project.slug,
  principal,
  name: request.name,
  scopes: request.scopes,
  canDecide: request.can_decide,
  ancestors: [caller.credential.keyId, ...caller.credential.ancestors],
  rate: request.rate ?? RATE_DEFAULT,
  expiresAt:
    request.expires_in_seconds === undefined ? null : clock.now() + request.expires_in_seconds * 1000,
});

/**
 * Mints a key; its value is in this answer only.
 * @throws ExecError principal_not_found, scope_insufficient, invalid_body, invalid_state
 */
export const create = (ctx: VerbContext, input: Request): Promise<OutputOf<typeof createApiKey>> =>
  mutate(ctx, createApiKey, async (tx) => {
    const holder = await loadHolder(ctx, tx.access, input.principal_id);
    assertMayMint(ctx, input, holder);
    const { row, value } = mintKey(ctx, toDraft(ctx, input, holder));
    await tx.access.insertApiKey(row);
    return { result: { ...presentApiKey(row, refOf(holder)), value }, facts: [keyCreated(row)] };
  });
