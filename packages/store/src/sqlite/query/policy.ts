import type { PolicyReader, PolicyWriter } from '../../store.ts';
import { rowsOf } from '../rows.ts';
import { policy } from '../schema/policy.ts';
import type { Session } from '../session.ts';

const NEWEST = 'ORDER BY t.created_at DESC, t.version DESC LIMIT 1';

/** Reads of policies on one connection. */
export function policyReader(session: Session): PolicyReader {
  const rows = rowsOf(session, policy);
  const ofPlace = rows.select(`WHERE t.project_id = ? AND t.workspace_id IS ? ${NEWEST}`);
  const byVersion = rows.select('WHERE t.id = ? AND t.version = ? AND t.project_id = ?');
  return {
    inForce: async (projectId, workspaceId) =>
      ofPlace.one(projectId, workspaceId) ?? ofPlace.one(projectId, null),
    get: async (projectId, id, version) => byVersion.one(id, version, projectId),
  };
}

/** Reads and writes of policies. */
export function policyWriter(session: Session): PolicyWriter {
  const insert = rowsOf(session, policy).insert();
  return { ...policyReader(session), insert: async (row) => void insert(row) };
}
