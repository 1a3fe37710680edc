import type { MaintenanceReader, MaintenanceWriter } from '../../maintenance.ts';
import type { MaintenanceFilter, MaintenanceRecord } from '../../record/maintenance.ts';
import { listOf, type Conditions } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { maintenance } from '../schema/maintenance.ts';
import type { Session } from '../session.ts';

const FILTERS: Conditions<MaintenanceFilter> = [['status', 't.status = ?']];

/** Reads of maintenance windows on one connection. */
export function maintenanceReader(session: Session): MaintenanceReader {
  const rows = rowsOf(session, maintenance);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const list = listOf(rows, 't.project_id = ?', FILTERS);
  const open = rows.select("INDEXED BY maintenance_open WHERE t.status = 'in_progress'");
  const due = rows.select('WHERE t.due_at <= ? ORDER BY t.due_at LIMIT ?');
  return {
    get: async (projectId, id) => byId.one(id, projectId),
    list: async (projectId, filter, slice) => list(projectId, filter, slice),
    open: async () => open.all(),
    due: async (now, limit) => due.all(now, limit),
  };
}

/** Reads and writes of maintenance windows. */
export function maintenanceWriter(session: Session): MaintenanceWriter {
  const rows = rowsOf(session, maintenance);
  const insert = rows.insert();
  const save = rows.save<MaintenanceRecord>(['projectId', 'workspaceId', 'createdBy', 'createdAt']);
  return {
    ...maintenanceReader(session),
    insert: async (row) => void insert(row),
    save: async (row) => save(row),
  };
}
