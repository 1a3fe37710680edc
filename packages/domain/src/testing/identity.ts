import { generateCurvePair, signerFromSeed } from '@xem/mesh';
import type { IdSource } from '@xem/runtime';
import type { RouterIdentity } from '../context.ts';

/** A router with keys of its own and endpoints nobody listens at. */
export function testIdentity(ids: IdSource): RouterIdentity {
  const signer = signerFromSeed(ids.bytes(32));
  return {
    enrollEndpoint: 'tcp://127.0.0.1:5556',
    dataEndpoints: ['tcp://127.0.0.1:5555'],
    curveKey: generateCurvePair(ids).publicKey,
    signingKey: signer.publicKey,
    sign: (bytes) => signer.sign(bytes),
  };
}
