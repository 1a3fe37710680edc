import { ExecError } from '@xem/errors';
import type { RateLimit } from '@xem/protocol';
import type { PrincipalRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { assertWithin, isRateWithin, type KeyRights } from './within.ts';

interface Minting {
  readonly holder: PrincipalRecord;
  readonly rights: KeyRights;
  readonly rate: RateLimit;
  /** Milliseconds since 1970; null when it does not end by itself. */
  readonly expiresAt: number | null;
  /** Where the request names the rights; null when it names none. */
  readonly place: string | null;
}

function assertHolder({ caller }: VerbContext, holder: PrincipalRecord): void {
  if (holder.disabled) throw new ExecError('invalid_state', `principal ${holder.id} is disabled`);
  if (holder.kind === 'service' || holder.id === caller.principal.id) return;
  throw new ExecError(
    'scope_insufficient',
    `only ${holder.name}, a human, mints keys of ${holder.name}: with a key of theirs that has the scope management`,
  );
}

function assertRate({ caller }: VerbContext, { rate, place }: Minting): void {
  if (caller.principal.kind === 'human' || isRateWithin(rate, caller.credential.rate)) return;
  const param = place === null ? {} : { param: `${place}/rate` };
  throw new ExecError('scope_insufficient', 'a service mints no key with a higher rate than its own', param);
}

/** A service's key that ends hands its rights to none that goes on. */
function assertLifetime({ caller: { principal, credential } }: VerbContext, minting: Minting): void {
  const { expiresAt, place } = minting;
  if (principal.kind === 'human' || (expiresAt ?? Infinity) <= (credential.keyExpiresAt ?? Infinity)) return;
  const param = place === null ? {} : { param: `${place}/expires_in_seconds` };
  throw new ExecError('scope_insufficient', 'a service mints no key that outlives its own', param);
}

/**
 * Who may mint which key, by itself or in place of another: a human's is minted by that human alone, a service's by
 * anybody with management, and no key hands on more than it may do itself.
 * @throws ExecError scope_insufficient, invalid_body, invalid_state
 */
export function assertMayMint(ctx: VerbContext, minting: Minting): void {
  const { holder, rights, place } = minting;
  assertHolder(ctx, holder);
  if (rights.canDecide && holder.kind === 'service') {
    const param = '/can_decide';
    throw new ExecError('invalid_body', 'can_decide is for humans; a service never decides', { param });
  }
  assertWithin(ctx.caller.credential, rights, place);
  assertRate(ctx, minting);
  assertLifetime(ctx, minting);
}
