import type { CurvePair, Signer } from '@xem/mesh';
import { JOIN_KEY_AUDIENCE, JOIN_KEY_PREFIX, type ProjectId, type WorkspaceId } from '@xem/protocol';
import { systemClock, systemIds } from '@xem/runtime';

/** What a join key of a test says. */
export interface TestJoinKey {
  readonly curve: CurvePair;
  readonly signer: Signer;
  readonly projectId: ProjectId;
  readonly workspaceId: WorkspaceId;
  readonly enrollEndpoint: string;
}

const clock = systemClock();
const ids = systemIds(clock);

const segment = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A join key as a router mints it. */
export function testJoinKey({ curve, signer, projectId, workspaceId, enrollEndpoint }: TestJoinKey): string {
  const issuedAt = Math.floor(clock.now() / 1000);
  const router = {
    enroll_endpoint: enrollEndpoint,
    curve_key: curve.publicKey,
    signing_key: signer.publicKey,
  };
  const claims = {
    iss: 'xem',
    aud: JOIN_KEY_AUDIENCE,
    role: 'xem',
    jti: `jkr_${ids.hex()}`,
    project: projectId,
    workspaces: [workspaceId],
    replace: false,
    uses: 1,
    router,
    iat: issuedAt,
    exp: issuedAt + 3600,
  };
  const signed = `${segment({ alg: 'EdDSA', typ: 'JWT', kid: 'test' })}.${segment(claims)}`;
  const signature = Buffer.from(signer.sign(Buffer.from(signed))).toString('base64url');
  return `${JOIN_KEY_PREFIX}${signed}.${signature}`;
}
