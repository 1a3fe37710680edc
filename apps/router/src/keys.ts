import { join } from 'node:path';
import {
  curvePairFromSecret,
  readOrCreateSecret,
  signerFromSeed,
  type CurvePair,
  type Signer,
} from '@xem/mesh';
import type { IdSource } from '@xem/runtime';

/** What the router is known by: agents pin both keys from their join key on. */
export interface RouterKeys {
  readonly curve: CurvePair;
  readonly signer: Signer;
  /** Encrypts the secrets of webhooks. */
  readonly webhookSecret: Buffer;
}

const SECRET_BYTES = 32;

/** The file of the key that the router signs with, in its data folder. */
export const SIGNING_KEY_FILE = 'router-signing-key.hex';

/** Reads the router's keys from its data folder, or makes them there. @throws SecretFileError when others can read them */
export function routerKeys(dataDir: string, ids: IdSource): RouterKeys {
  const secretOf = (file: string): Buffer =>
    readOrCreateSecret(join(dataDir, file), () => ids.bytes(SECRET_BYTES));
  return {
    curve: curvePairFromSecret(secretOf('router-curve-key.hex')),
    webhookSecret: secretOf('router-webhook-key.hex'),
    signer: signerFromSeed(secretOf(SIGNING_KEY_FILE)),
  };
}
