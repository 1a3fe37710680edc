import type { MaintenanceId, ProjectId, WorkspaceId } from '@xem/protocol';
import type { MaintenanceRecord } from '@xem/store';

/** Windows that are in progress, in memory, for the check that every new call passes. It changes after the commit. */
export interface Windows {
  /** Windows in progress that reach a workspace: its own and those of the whole project, oldest start first. */
  reaching(projectId: ProjectId, workspaceId: WorkspaceId): readonly MaintenanceRecord[];
  /** Takes a window in when it is in progress, or out when it is not. */
  put(row: MaintenanceRecord): void;
}

const NONE: readonly MaintenanceRecord[] = [];

/** No window is in progress. */
export function createWindows(): Windows {
  const open = new Map<MaintenanceId, MaintenanceRecord>();
  return {
    reaching: (projectId, workspaceId) => {
      if (open.size === 0) return NONE;
      return [...open.values()]
        .filter((row) => row.projectId === projectId && (row.workspaceId ?? workspaceId) === workspaceId)
        .toSorted((a, b) => a.startsAt - b.startsAt);
    },
    put: (row) => {
      // Of two changes the later one may be told first: an older version never wins.
      if ((open.get(row.id)?.version ?? 0) > row.version) return;
      if (row.status === 'in_progress') open.set(row.id, row);
      else open.delete(row.id);
    },
  };
}
