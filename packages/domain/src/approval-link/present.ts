import type { ApprovalLink } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { ApprovalLinkRecord } from '@xem/store';

/** A link as it travels: without its token. */
export const presentLink = (row: ApprovalLinkRecord, status: ApprovalLink['status']): ApprovalLink => ({
  object: 'approval_link',
  id: row.id,
  project_id: row.projectId,
  approval_id: row.approvalId,
  reviewer: row.reviewer,
  groups: [...row.groups],
  status,
  expires_at: toTimestamp(row.expiresAt),
  used_at: toTimestampOrNull(row.usedAt),
  created_at: toTimestamp(row.createdAt),
  created_by: row.mintedBy,
});
