import type { ApiKey, PrincipalRef } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { ApiKeyRecord } from '@xem/store';

/** A key as it travels, without its value. */
export const presentApiKey = (row: ApiKeyRecord, principal: PrincipalRef): ApiKey => ({
  object: 'api_key',
  id: row.id,
  project_id: row.projectId,
  principal,
  name: row.name,
  prefix: row.prefix,
  scopes: [...row.scopes],
  can_decide: row.canDecide,
  rate: row.rate,
  endpoints: row.endpoints && [...row.endpoints],
  ip_allow: row.ipAllow && [...row.ipAllow],
  expires_at: toTimestampOrNull(row.expiresAt),
  last_used_at: toTimestampOrNull(row.lastUsedAt),
  revoked_at: toTimestampOrNull(row.revokedAt),
  rotated_from: row.rotatedFrom,
  created_at: toTimestamp(row.createdAt),
});
