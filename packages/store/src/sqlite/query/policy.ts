import type { PolicyReader, PolicyWriter } from '../../store.ts';
import { rowsOf } from '../rows.ts';
import { policy } from '../schema/policy.ts';
import type { Session } from '../session.ts';

const NEWEST = 'ORDER BY t.created_at DESC, t.version DESC LIMIT 1';

/** The workspace itself when it has a policy, else null, under which the project's stand. */
const ITS_OWN = '(SELECT p.workspace_id FROM policy p WHERE p.project_id = ? AND p.workspace_id = ? LIMIT 1)';

/** Reads of policies on one connection. */
export function policyReader(session: Session): PolicyReader {
  const rows = rowsOf(session, policy);
  const inForce = rows.select(`WHERE t.project_id = ? AND t.workspace_id IS ${ITS_OWN} ${NEWEST}`);
  const byVersion = rows.select('WHERE t.id = ? AND t.version = ? AND t.project_id = ?');
  return {
    inForce: async (projectId, workspaceId) => inForce.one(projectId, projectId, workspaceId),
    get: async (projectId, id, version) => byVersion.one(id, version, projectId),
  };
}

/** Reads and writes of policies. */
export function policyWriter(session: Session): PolicyWriter {
  const insert = rowsOf(session, policy).insert();
  return { ...policyReader(session), insert: async (row) => void insert(row) };
}
