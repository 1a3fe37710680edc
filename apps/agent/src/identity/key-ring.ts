import { curvePairFromSecret, removeSecret, replaceSecret, type CurvePair, type Signer } from '@xem/mesh';
import type { IdSource } from '@xem/runtime';
import { BootError } from '../boot/boot-error.ts';
import { writeIdentity, type Identity } from './identity.ts';
import { nextKeyPath, secretAt, type OpenedKeys } from './keys.ts';

/**
 * The CURVE keys an agent may come with: its own, and during a rotation the next one, which is tried first. Whatever
 * is stopped half way is taken up from the files: the next key is in its file before anybody hears of it, and the old
 * one stays in its own until the router has answered the next.
 */
export interface KeyRing {
  readonly signer: Signer;
  /** The first choice first. */
  curves(): readonly CurvePair[];
  /** The next key, made when there is none, and on disk when this returns. @throws BootError, and what the disk says */
  prepare(): CurvePair;
  /** A session is open with this key: the next one takes the place of the old. */
  settle(curveKey: string): void;
  /** Forgets a next key that is not to be used any more. */
  discard(): void;
}

interface KeyRingContext {
  readonly stateDir: string;
  readonly keys: OpenedKeys;
  readonly identity: Identity;
  readonly ids: IdSource;
}

/** The keys of an agent that has enrolled. @throws BootError `identity_mismatch` when they are another agent's */
export function createKeyRing({ stateDir, keys, identity, ids }: KeyRingContext): KeyRing {
  const { signer, curvePath } = keys;
  const nextPath = nextKeyPath(curvePath);
  let { curve, next } = keys;
  const takeOver = (successor: CurvePair): void => {
    replaceSecret(nextPath, curvePath);
    curve = successor;
    next = null;
  };
  const isOwn = (pair: CurvePair | null): boolean => pair?.publicKey === identity.curve_public_key;
  if (identity.signing_public_key !== signer.publicKey || (!isOwn(curve) && !isOwn(next))) {
    throw new BootError('identity_mismatch', 'The keys are not those this agent enrolled with.');
  }
  if (next !== null && isOwn(next)) takeOver(next);
  return {
    signer,
    curves: () => (next === null ? [curve] : [next, curve]),
    prepare: () => (next ??= curvePairFromSecret(secretAt(nextPath, ids))),
    settle: (curveKey) => {
      if (next?.publicKey !== curveKey) return;
      writeIdentity(stateDir, { ...identity, curve_public_key: curveKey });
      takeOver(next);
    },
    discard: () => {
      if (next === null) return;
      removeSecret(nextPath);
      next = null;
    },
  };
}
