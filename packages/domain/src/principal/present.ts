import type { Principal } from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { PrincipalRecord } from '@xem/store';

/** A principal as it travels. */
export const presentPrincipal = (row: PrincipalRecord): Principal => ({
  object: 'principal',
  id: row.id,
  kind: row.kind,
  name: row.name,
  groups: [...row.groups],
  disabled: row.disabled,
  created_by: row.createdBy,
  created_at: toTimestamp(row.createdAt),
});
