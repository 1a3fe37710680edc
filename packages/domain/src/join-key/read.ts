import { createPublicKey, type KeyObject } from 'node:crypto';
import { ExecError } from '@xem/errors';
import { JOIN_KEY_AUDIENCE, JOIN_KEY_PREFIX, JoinKeyClaims } from '@xem/protocol';
import { errors, jwtVerify } from 'jose';
import type { RouterIdentity, Services } from '../context.ts';

const publicKeyOf = ({ signingKey }: RouterIdentity): KeyObject =>
  createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: signingKey }, format: 'jwk' });

/** The payload of an expired key too: its signature, type and audience were checked before its end. */
async function payloadOf(
  { identity, clock }: Pick<Services, 'identity' | 'clock'>,
  jwt: string,
): Promise<unknown> {
  const options = {
    algorithms: ['EdDSA'],
    audience: JOIN_KEY_AUDIENCE,
    typ: 'JWT',
    currentDate: new Date(clock.now()),
  };
  try {
    return (await jwtVerify(jwt, publicKeyOf(identity), options)).payload;
  } catch (err) {
    if (err instanceof errors.JWTExpired) return err.payload;
    throw err;
  }
}

/**
 * Reads a join key that this router signed, expired or not. Whether it was revoked or used up is in the store.
 * @throws ExecError join_key_invalid
 */
export async function readJoinKey(
  services: Pick<Services, 'identity' | 'clock'>,
  value: string,
): Promise<JoinKeyClaims> {
  if (!value.startsWith(JOIN_KEY_PREFIX)) throw new ExecError('join_key_invalid');
  try {
    return JoinKeyClaims.parse(await payloadOf(services, value.slice(JOIN_KEY_PREFIX.length)));
  } catch (cause) {
    throw new ExecError('join_key_invalid', undefined, { cause });
  }
}
