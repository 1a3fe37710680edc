import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { IdSource } from '@xem/runtime';
import { z85Encode } from './z85.ts';

/** A CURVE key pair, both halves in Z85. */
export interface CurvePair {
  readonly publicKey: string;
  readonly secretKey: string;
}

const X25519_PKCS8 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const KEY_BYTES = 32;

/** The CURVE pair of a 32-byte secret. @throws RangeError */
export function curvePairFromSecret(secret: Uint8Array): CurvePair {
  if (secret.byteLength !== KEY_BYTES) throw new RangeError('a CURVE secret has 32 bytes');
  const der = Buffer.concat([X25519_PKCS8, secret]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { publicKey: z85Encode(spki.subarray(-KEY_BYTES)), secretKey: z85Encode(secret) };
}

/** A new CURVE pair. */
export const generateCurvePair = (ids: IdSource): CurvePair => curvePairFromSecret(ids.bytes(KEY_BYTES));
