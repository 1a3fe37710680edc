import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from '@xem/protocol';

/** An Ed25519 key that signs; `publicKey` is 32 bytes as base64url. */
export interface Signer {
  readonly publicKey: string;
  /** 64 bytes. */
  sign(bytes: Uint8Array): Uint8Array<ArrayBuffer>;
}

/** What a signature is over: an object that names in `ctx` what is being said, such as `xem/hello/1`. */
export interface Claim {
  readonly ctx: string;
}

const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;

/** The signer of a 32-byte seed. @throws RangeError */
export function signerFromSeed(seed: Uint8Array): Signer {
  if (seed.byteLength !== KEY_BYTES) throw new RangeError('a signing seed has 32 bytes');
  const der = Buffer.concat([ED25519_PKCS8, seed]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: spki.subarray(-KEY_BYTES).toString('base64url'),
    sign: (bytes) => sign(null, bytes, key),
  };
}

function publicKeyObject(publicKey: string): KeyObject | null {
  const raw = Buffer.from(publicKey, 'base64url');
  if (raw.byteLength !== KEY_BYTES) return null;
  return createPublicKey({ key: Buffer.concat([ED25519_SPKI, raw]), format: 'der', type: 'spki' });
}

/** Tells whether a signature is this key's over these bytes; a malformed key or signature is not. */
export function verifySignature(publicKey: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  const key = publicKeyObject(publicKey);
  return key !== null && verify(null, bytes, key, signature);
}

const claimBytes = (claim: Claim): Buffer => Buffer.from(canonicalJson(claim));

/** Signs the RFC 8785 form of a claim. */
export const signClaim = (signer: Signer, claim: Claim): Uint8Array<ArrayBuffer> =>
  signer.sign(claimBytes(claim));

/** A claim, and who is said to have signed it. */
export interface SignedClaim {
  readonly publicKey: string;
  readonly claim: Claim;
  readonly signature: Uint8Array;
}

/** Tells whether a claim was signed by this key. */
export const verifyClaim = ({ publicKey, claim, signature }: SignedClaim): boolean =>
  verifySignature(publicKey, claimBytes(claim), signature);
