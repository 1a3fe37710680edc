import { signClaim, verifyClaim } from '@xem/mesh';
import type { HeadClaim, ProjectId, SignedHead } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { Checkpoint } from '@xem/store';
import type { RouterIdentity } from '../context.ts';
import type { ChainPoint } from './chains.ts';

interface Place extends ChainPoint {
  readonly projectId: ProjectId;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const claimOf = ({ projectId, seq, hash, at }: Place): HeadClaim => ({
  ctx: 'xem/head/1',
  project_id: projectId,
  seq,
  hash,
  at: toTimestamp(at),
});

/** Says, signed by the router, that a chain has an entry at a place. */
export function signPlace(identity: Pick<RouterIdentity, 'signingKey' | 'sign'>, place: Place): SignedHead {
  const claim = claimOf(place);
  const signer = { publicKey: identity.signingKey, sign: identity.sign };
  return { ...claim, sig: Buffer.from(signClaim(signer, claim)).toString('base64url') };
}

/** Whether a head was signed by this key. */
export const isSignedBy = (signingKey: string, { sig, ...claim }: SignedHead): boolean =>
  verifyClaim({ publicKey: signingKey, claim, signature: Buffer.from(sig, 'base64url') });

/** A checkpoint as the signed head that it is. */
export const headOfCheckpoint = (checkpoint: Checkpoint): SignedHead => ({
  ...claimOf(checkpoint),
  sig: checkpoint.signature,
});
