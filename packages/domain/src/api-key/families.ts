import { ExecError } from '@xem/errors';
import type { ApiKeyId } from '@xem/protocol';
import type { ApiKeyRecord } from '@xem/store';
import type { Credential } from '../context.ts';

/** So many families stand behind a key at most: they are read whenever it is used. */
export const FAMILIES_MAX = 32;

/** The family that a key belongs to: a key and all that it was rotated into, named by its first. */
export const familyOf = ({ keyId, families }: Pick<Credential, 'keyId' | 'families'>): ApiKeyId =>
  families[0] ?? keyId;

/**
 * The families behind a key that a credential mints. None are kept of one that never decides: nothing that decides comes
 * from it. @throws ExecError invalid_state when there are too many
 */
export function familiesBehind(
  { families }: Pick<Credential, 'families'>,
  canDecide: boolean,
): readonly ApiKeyId[] {
  if (!canDecide) return [];
  if (families.length < FAMILIES_MAX) return families;
  const message = `a key that decides comes from ${FAMILIES_MAX} others at most, one made with another: use an older key, or have "xem-router admin mint-key" make one on the router's host`;
  throw new ExecError('invalid_state', message);
}

/**
 * The families of the key that takes another's place: the other's own, and those of the credential that rotates it,
 * whose holder is told its value. A key that rotates itself adds none. @throws ExecError invalid_state when there are
 * too many
 */
export function familiesOfSuccessor(
  old: Pick<ApiKeyRecord, 'families' | 'canDecide'>,
  { families }: Pick<Credential, 'families'>,
): readonly ApiKeyId[] {
  if (!old.canDecide) return old.families;
  const both = [...new Set([...old.families, ...families])];
  if (both.length <= Math.max(FAMILIES_MAX, old.families.length)) return both;
  const message = `a key that decides comes from ${FAMILIES_MAX} others at most: rotate it with itself`;
  throw new ExecError('invalid_state', message);
}
