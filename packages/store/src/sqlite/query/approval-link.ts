import type { ApprovalLinkReader, ApprovalLinkWriter } from '../../approval-link.ts';
import type { ApprovalLinkRecord } from '../../record/link.ts';
import { rowsOf } from '../rows.ts';
import { approvalLink } from '../schema/link.ts';
import type { Session } from '../session.ts';

/** Whose vote a link is, and over what, stays as it was. */
const FROZEN = [
  'projectId',
  'approvalId',
  'reviewer',
  'mintedBy',
  'minterKeyId',
  'groups',
  'createdAt',
] as const satisfies readonly (keyof ApprovalLinkRecord)[];

/** Reads of approval links on one connection. */
export function approvalLinkReader(session: Session): ApprovalLinkReader {
  const rows = rowsOf(session, approvalLink);
  const byToken = rows.select('WHERE t.token_sha256 = ?');
  const ofApproval = rows.select(
    'WHERE t.approval_id = ? AND t.project_id = ? ORDER BY t.created_at DESC, t.id DESC',
  );
  return {
    byToken: async (tokenSha256) => byToken.one(tokenSha256),
    ofApproval: async (projectId, approvalId) => ofApproval.all(approvalId, projectId),
  };
}

/** Reads and writes of approval links. */
export function approvalLinkWriter(session: Session): ApprovalLinkWriter {
  const rows = rowsOf(session, approvalLink);
  const insert = rows.insert();
  const save = rows.save<ApprovalLinkRecord>(FROZEN);
  return {
    ...approvalLinkReader(session),
    insert: async (row) => void insert(row),
    save: async (row) => save(row),
  };
}
