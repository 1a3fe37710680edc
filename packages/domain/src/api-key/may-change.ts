import { ExecError } from '@xem/errors';
import type { ApiKeyRecord, PrincipalRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { areRangesWithin, arePinsWithin, assertWithin, isRateWithin } from './within.ts';

/** What a key may do besides its scopes, and how often. */
type Limits = Pick<ApiKeyRecord, 'rate' | 'endpoints' | 'ipAllow'>;

/** Lets through who may take rights from a key: humans from any, services from those of services. @throws ExecError scope_insufficient */
export function assertMayNarrow({ caller }: VerbContext, holder: PrincipalRecord): void {
  if (caller.principal.kind === 'human' || holder.kind === 'service') return;
  throw new ExecError('scope_insufficient', `only a human changes keys of ${holder.name}, who is a human`);
}

/** Lets through who may give rights to a key: a human to their own and to those of services. @throws ExecError scope_insufficient */
function assertMayWiden({ caller }: VerbContext, holder: PrincipalRecord): void {
  if (caller.principal.id === holder.id && holder.kind === 'human') return;
  if (caller.principal.kind === 'human' && holder.kind === 'service') return;
  const who = holder.kind === 'human' ? holder.name : 'a human';
  throw new ExecError('scope_insufficient', `only ${who} lets this key do more than it may`);
}

const narrows = (before: Limits, after: Limits): boolean =>
  isRateWithin(after.rate, before.rate) &&
  arePinsWithin(after.endpoints, before.endpoints) &&
  areRangesWithin(after.ipAllow, before.ipAllow);

/**
 * Who may change the limits of a key: whoever may revoke it may narrow it; only the human it belongs to, or for a
 * service any human, widens it, and never beyond the key that is used for it. @throws ExecError scope_insufficient
 */
export function assertMayLimit(
  ctx: VerbContext,
  holder: PrincipalRecord,
  { before, after }: { readonly before: Limits; readonly after: Limits },
): void {
  assertMayNarrow(ctx, holder);
  if (narrows(before, after)) return;
  assertMayWiden(ctx, holder);
  const { endpoints, ipAllow } = after;
  assertWithin(ctx.caller.credential, { scopes: [], canDecide: false, endpoints, ipAllow }, '');
}
