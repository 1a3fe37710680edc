import { SECOND_MS, JOIN_KEY_AUDIENCE, JOIN_KEY_PREFIX, sha256Hex, type JoinKeyClaims } from '@xem/protocol';
import type { JoinKeyRecord } from '@xem/store';
import type { RouterIdentity, Services } from '../context.ts';

const KEY_ID_DIGITS = 16;
const encode = (part: string | Uint8Array): string => Buffer.from(part).toString('base64url');

/** Which of its keys a router signed with: what people compare of a signing key too. */
const keyIdOf = ({ signingKey }: RouterIdentity): string =>
  sha256Hex(Buffer.from(signingKey, 'base64url')).slice(0, KEY_ID_DIGITS);

const claimsOf = (
  row: JoinKeyRecord,
  { identity, settings }: Pick<Services, 'identity' | 'settings'>,
): JoinKeyClaims => ({
  iss: settings.publicUrl,
  aud: JOIN_KEY_AUDIENCE,
  role: 'xem',
  jti: row.id,
  project: row.projectId,
  ...(row.registrationName !== null && { name: row.registrationName }),
  ...(row.region !== null && { region: row.region }),
  workspaces: [...row.workspaces],
  replace: row.replace,
  uses: row.uses,
  router: {
    enroll_endpoint: identity.enrollEndpoint,
    curve_key: identity.curveKey,
    signing_key: identity.signingKey,
  },
  iat: Math.floor(row.createdAt / SECOND_MS),
  exp: Math.floor(row.expiresAt / SECOND_MS),
});

/** The value of a join key: `xjk_` and a compact JWS, signed with the router's own key. */
export function signJoinKey(services: Pick<Services, 'identity' | 'settings'>, row: JoinKeyRecord): string {
  const header = { alg: 'EdDSA', typ: 'JWT', kid: keyIdOf(services.identity) };
  const signed = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(claimsOf(row, services)))}`;
  return `${JOIN_KEY_PREFIX}${signed}.${encode(services.identity.sign(Buffer.from(signed)))}`;
}
