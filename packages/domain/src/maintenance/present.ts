import { maintenanceMachine, type Maintenance, type OpenMaintenance } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { MaintenanceRecord } from '@xem/store';
import { allows } from '../advance.ts';

const ACTIONS = ['start', 'complete', 'cancel'] as const;

/** A maintenance window as it travels. */
export const presentMaintenance = (row: MaintenanceRecord): Maintenance => ({
  object: 'maintenance',
  id: row.id,
  project_id: row.projectId,
  workspace_id: row.workspaceId,
  title: row.title,
  description: row.description,
  severity: row.severity,
  status: row.status,
  starts_at: toTimestamp(row.startsAt),
  ends_at: toTimestampOrNull(row.endsAt),
  created_by: row.createdBy,
  created_at: toTimestamp(row.createdAt),
  started_at: toTimestampOrNull(row.startedAt),
  ended_at: toTimestampOrNull(row.endedAt),
  actions: ACTIONS.filter((event) => allows(maintenanceMachine, row.status, event)),
});

/** The same in short, for what a window in progress reaches. */
export const presentOpen = ({ id, severity, title, endsAt }: MaintenanceRecord): OpenMaintenance => ({
  id,
  severity,
  title,
  ends_at: toTimestampOrNull(endsAt),
});
