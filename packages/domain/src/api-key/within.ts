import { ExecError } from '@xem/errors';
import type { RateLimit } from '@xem/protocol';
import type { ApiKeyRecord } from '@xem/store';
import { isRangeWithin } from '../access/address-range.ts';
import type { Credential } from '../context.ts';

/** What a key may do and from where; null is no bound. */
export type KeyRights = Pick<ApiKeyRecord, 'scopes' | 'canDecide' | 'endpoints' | 'ipAllow'>;

type Bound = readonly string[] | null;

const isWithin = (inner: Bound, outer: Bound, holds: (one: string, other: string) => boolean): boolean =>
  outer === null || (inner !== null && inner.every((one) => outer.some((other) => holds(one, other))));

/** Whether addresses allow no more than others do. */
export const areRangesWithin = (inner: Bound, outer: Bound): boolean => isWithin(inner, outer, isRangeWithin);

const isPinWithin = (pin: string, other: string): boolean =>
  pin === other || other === `${pin.split('.')[0]}.*`;

/** Whether pins allow no more than others do. */
export const arePinsWithin = (inner: Bound, outer: Bound): boolean => isWithin(inner, outer, isPinWithin);

/** Whether a rate allows no more than another. */
export const isRateWithin = (inner: RateLimit, outer: RateLimit): boolean =>
  inner.per_minute <= outer.per_minute && inner.burst <= outer.burst;

/**
 * Refuses rights beyond those of a credential: no key hands on more than it may do itself. `place` is where the
 * request names the rights, null when it names none. @throws ExecError scope_insufficient
 */
export function assertWithin(credential: Credential, rights: KeyRights, place: string | null): void {
  const refuse = (member: string, message: string): never => {
    throw new ExecError('scope_insufficient', message, place === null ? {} : { param: `${place}/${member}` });
  };
  const wider = rights.scopes.filter((scope) => !credential.scopes.has(scope));
  if (wider.length > 0) refuse('scopes', `a key passes on no scope it lacks: ${wider.join(', ')}`);
  if (rights.canDecide && !credential.canDecide)
    refuse('can_decide', 'a key that may not decide mints none that may');
  if (!arePinsWithin(rights.endpoints, credential.endpoints))
    refuse('endpoints', 'a key that is pinned passes on no operation beyond its pins');
  if (!areRangesWithin(rights.ipAllow, credential.ipAllow))
    refuse('ip_allow', 'a key passes on no address beyond its own filter');
}
