import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 key pair made of its 32 bytes of seed. */
export interface Signer {
  readonly publicKey: string;
  sign(bytes: Uint8Array): Uint8Array;
}

const raw = (key: KeyObject): string => key.export({ format: 'jwk' }).x ?? '';

/** The signer of a seed. */
export function signerOf(seed: Uint8Array): Signer {
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  return { publicKey: raw(createPublicKey(key)), sign: (bytes) => sign(null, bytes, key) };
}

/** What a claim is signed over. */
export const claimBytes = (claim: object): Buffer => Buffer.from(canonicalJson(claim), 'utf8');

/** Whether bytes carry the signature of a raw public key in base64url. */
export function isSigned(bytes: Uint8Array, { sig, by }: { readonly sig: Uint8Array; readonly by: string }) {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: by }, format: 'jwk' });
  return sig.length === 64 && verify(null, bytes, key, sig);
}
