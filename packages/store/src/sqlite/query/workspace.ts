import type { BindingRecord, WorkspaceRecord } from '../../record/access.ts';
import type { Slice, WorkspaceReader, WorkspaceWriter } from '../../store.ts';
import { listOf } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { agent } from '../schema/agent.ts';
import { workspace, workspaceBinding } from '../schema/workspace.ts';
import { prepareWrite, type Session } from '../session.ts';

/** A binding has no id of its own: within a workspace it is named by its agent. */
function bindingsOf(session: Session): WorkspaceReader['bindingsOf'] {
  const rows = rowsOf(session, workspaceBinding);
  const scope = 'WHERE t.workspace_id = ? AND t.project_id = ?';
  const order = 'ORDER BY t.created_at DESC, t.agent_id DESC LIMIT ?';
  const first = rows.select(`${scope} ${order}`);
  const next = rows.select(`${scope} AND (t.created_at, t.agent_id) < (?, ?) ${order}`);
  return async (projectId, workspaceId, { limit, after }: Slice): Promise<BindingRecord[]> =>
    after
      ? next.all(workspaceId, projectId, after.createdAt, after.id, limit)
      : first.all(workspaceId, projectId, limit);
}

/** Reads of workspaces and bindings on one connection. */
export function workspaceReader(session: Session): WorkspaceReader {
  const rows = rowsOf(session, workspace);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const list = listOf(rows, 't.project_id = ?', []);
  const boundTo = rows.select(
    'JOIN workspace_binding b ON b.workspace_id = t.id WHERE b.agent_id = ? ORDER BY t.created_at, t.id',
  );
  const agentsOf = rowsOf(session, agent).select(
    'JOIN workspace_binding b ON b.agent_id = t.id WHERE b.workspace_id = ? ORDER BY b.created_at, t.id',
  );
  const paused = rows.select('INDEXED BY workspace_paused WHERE t.paused IS NOT NULL');
  const all = rowsOf(session, workspaceBinding).select('');
  const limited = rows.select('WHERE t.concurrency IS NOT NULL');
  return {
    get: async (projectId, id) => byId.one(id, projectId),
    list: async (projectId, slice) => list(projectId, {}, slice),
    bindingsOf: bindingsOf(session),
    boundTo: async (agentId) => boundTo.all(agentId),
    agentsOf: async (workspaceId) => agentsOf.all(workspaceId),
    limited: async () => limited.all(),
    allBindings: async () => all.all(),
    paused: async () => paused.all(),
  };
}

/** Reads and writes of workspaces and bindings. */
export function workspaceWriter(session: Session): WorkspaceWriter {
  const rows = rowsOf(session, workspace);
  const insert = rows.insert();
  const save = rows.save<WorkspaceRecord>(['projectId', 'createdAt']);
  const bind = rowsOf(session, workspaceBinding).insert('INSERT OR IGNORE');
  const unbind = prepareWrite(
    session,
    'DELETE FROM workspace_binding WHERE workspace_id = ? AND agent_id = ?',
  );
  return {
    ...workspaceReader(session),
    insert: async (row) => void insert(row),
    save: async (row) => save(row),
    bind: async (row) => bind(row) === 1,
    unbind: async (workspaceId, agentId) => unbind(workspaceId, agentId) === 1,
  };
}
