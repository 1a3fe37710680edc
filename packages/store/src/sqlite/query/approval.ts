import type { ApprovalFilter, ApprovalRecord } from '../../record/approval.ts';
import type { ApprovalReader, ApprovalWriter } from '../../store.ts';
import { listOf, type Conditions } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { approval } from '../schema/approval.ts';
import type { Session } from '../session.ts';

const FILTERS: Conditions<ApprovalFilter> = [
  ['status', 't.status = ?'],
  ['risk', 't.risk = ?'],
  ['tool', 't.tool = ?'],
  ['workspaceId', 't.workspace_id = ?'],
  ['invocationId', 't.invocation_id = ?'],
];

/** The call that a decision is over stays as it was. */
const FROZEN = [
  'invocationId',
  'projectId',
  'workspaceId',
  'tool',
  'risk',
  'toolDigest',
  'args',
  'argsSha256',
  'callSha256',
  'requestedBy',
  'requestFamily',
  'surface',
  'createdAt',
] as const satisfies readonly (keyof ApprovalRecord)[];

/** Reads of approvals on one connection. */
export function approvalReader(session: Session): ApprovalReader {
  const rows = rowsOf(session, approval);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const list = listOf(rows, 't.project_id = ?', FILTERS);
  return {
    get: async (projectId, id) => byId.one(id, projectId),
    list: async (projectId, filter, slice) => list(projectId, filter, slice),
  };
}

/** Reads and writes of approvals. */
export function approvalWriter(session: Session): ApprovalWriter {
  const rows = rowsOf(session, approval);
  const insert = rows.insert();
  const save = rows.save<ApprovalRecord>(FROZEN);
  return {
    ...approvalReader(session),
    insert: async (row) => void insert(row),
    save: async (row) => save(row),
  };
}
