import type { JoinKey } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { JoinKeyReader, JoinKeyRecord } from '@xem/store';
import type { Services } from '../context.ts';
import { joinKeyStatus, takenUses } from './status.ts';

/** A join key as it travels, without its value. */
export async function presentJoinKey(
  { identity, clock }: Pick<Services, 'identity' | 'clock'>,
  rows: JoinKeyReader,
  row: JoinKeyRecord,
): Promise<JoinKey> {
  const now = clock.now();
  const taken = takenUses(await rows.usesOf(row.id), now);
  const confirmed = taken.filter(({ status }) => status === 'confirmed').length;
  return {
    object: 'join_key',
    id: row.id,
    project_id: row.projectId,
    registration_name: row.registrationName,
    region: row.region,
    replace: row.replace,
    workspaces: [...row.workspaces],
    uses: row.uses,
    uses_confirmed: confirmed,
    uses_reserved: taken.length - confirmed,
    status: joinKeyStatus(row, taken, now),
    enroll_endpoint: identity.enrollEndpoint,
    router_curve_key: identity.curveKey,
    router_signing_key: identity.signingKey,
    expires_at: toTimestamp(row.expiresAt),
    revoked_at: toTimestampOrNull(row.revokedAt),
    created_at: toTimestamp(row.createdAt),
    created_by: row.createdBy,
  };
}
