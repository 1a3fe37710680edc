import type { PolicyReader, PolicyWriter } from '../../policy.ts';
import { listOf } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { policy } from '../schema/policy.ts';
import type { Session } from '../session.ts';

/** A workspace has one policy, as a project has, however often it was changed, deleted and set again. */
const OF_PLACE = 't.id = (SELECT p.id FROM policy p WHERE p.project_id = ? AND p.workspace_id IS ? LIMIT 1)';
const NEWEST_VERSION = 'ORDER BY t.version DESC LIMIT 1';
const IS_NEWEST = 't.version = (SELECT max(p.version) FROM policy p WHERE p.id = t.id)';

/** Reads of policies on one connection. */
export function policyReader(session: Session): PolicyReader {
  const rows = rowsOf(session, policy);
  const ofPlace = rows.select(`WHERE ${OF_PLACE} ${NEWEST_VERSION}`);
  const byVersion = rows.select('WHERE t.id = ? AND t.version = ? AND t.project_id = ?');
  const latest = rows.select(`WHERE t.id = ? AND t.project_id = ? ${NEWEST_VERSION}`);
  const standing = listOf(rows, `t.project_id = ? AND t.retired = 0 AND ${IS_NEWEST}`, []);
  const older = rows.select(
    'WHERE t.id = ? AND t.project_id = ? AND t.version < ? ORDER BY t.version DESC LIMIT ?',
  );
  return {
    inForce: async (projectId, workspaceId) => {
      const own = workspaceId === null ? null : ofPlace.one(projectId, workspaceId);
      return own === null || own.retired ? ofPlace.one(projectId, null) : own;
    },
    newest: async (projectId, workspaceId) => ofPlace.one(projectId, workspaceId),
    get: async (projectId, id, version) => byVersion.one(id, version, projectId),
    latest: async (projectId, id) => latest.one(id, projectId),
    list: async (projectId, slice) => standing(projectId, {}, slice),
    versions: async (projectId, id, { limit, below }) => older.all(id, projectId, below, limit),
  };
}

/** Reads and writes of policies. */
export function policyWriter(session: Session): PolicyWriter {
  const insert = rowsOf(session, policy).insert();
  return { ...policyReader(session), insert: async (row) => void insert(row) };
}
