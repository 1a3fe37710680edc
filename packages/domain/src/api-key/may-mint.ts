import { ExecError } from '@xem/errors';
import type { createApiKey, ParsedInputOf } from '@xem/protocol';
import type { PrincipalRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';

type KeyRequest = ParsedInputOf<typeof createApiKey>;

function assertHolder({ caller }: VerbContext, holder: PrincipalRecord): void {
  if (holder.disabled) throw new ExecError('invalid_state', `principal ${holder.id} is disabled`);
  if (holder.kind === 'service' || holder.id === caller.principal.id) return;
  throw new ExecError(
    'scope_insufficient',
    `only ${holder.name} mints keys of ${holder.name}, who is a human`,
  );
}

function assertScopes({ caller }: VerbContext, { scopes }: KeyRequest): void {
  const wider = scopes.filter((scope) => !caller.credential.scopes.has(scope));
  if (wider.length === 0) return;
  const message = `a key passes on no scope it lacks: ${wider.join(', ')}`;
  throw new ExecError('scope_insufficient', message, { param: '/scopes' });
}

function assertDecider({ caller }: VerbContext, holder: PrincipalRecord): void {
  const param = '/can_decide';
  if (holder.kind === 'service') {
    throw new ExecError('invalid_body', 'can_decide is for humans; a service never decides', { param });
  }
  if (caller.credential.canDecide) return;
  throw new ExecError('scope_insufficient', 'a key that may not decide mints none that may', { param });
}

/**
 * Who may mint which key: a human's key is minted by that human alone, a service's by anybody with management, and no
 * key hands on more than it may do itself. @throws ExecError scope_insufficient, invalid_body, invalid_state
 */
export function assertMayMint(ctx: VerbContext, request: KeyRequest, holder: PrincipalRecord): void {
  assertHolder(ctx, holder);
  assertScopes(ctx, request);
  if (request.can_decide) assertDecider(ctx, holder);
}
