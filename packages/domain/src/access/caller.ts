import type { ApiKeyRecord, PrincipalRecord, ProjectRecord } from '@xem/store';
import type { Caller, Credential } from '../context.ts';
import { refOf } from '../principal/record.ts';

/** A key with whom it belongs to. */
export interface Grant {
  readonly key: ApiKeyRecord;
  readonly principal: PrincipalRecord;
  readonly project: ProjectRecord;
}

/** Whether a key may be used now: neither expired nor revoked, nor its principal disabled. */
export const isUsable = ({ key, principal }: Omit<Grant, 'project'>, now: number): boolean =>
  key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now) && !principal.disabled;

/** The caller that a grant makes, by the way it was proved. */
export const toCaller = (
  { key, principal, project }: Grant,
  proof: Pick<Credential, 'kind' | 'expiresAt'>,
): Caller => ({
  principal: refOf(principal),
  groups: principal.groups,
  empoweredAt: principal.empoweredAt,
  project,
  credential: {
    kind: proof.kind,
    link: null,
    keyId: key.id,
    keyName: key.name,
    keyPrefix: key.prefix,
    families: key.families,
    scopes: new Set(key.scopes),
    canDecide: key.canDecide,
    rate: key.rate,
    endpoints: key.endpoints,
    ipAllow: key.ipAllow,
    keyExpiresAt: key.expiresAt,
    expiresAt: proof.expiresAt,
  },
});
