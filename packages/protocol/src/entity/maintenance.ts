import { z } from 'zod';
import { MaintenanceId, ProjectId, Timestamp, WorkspaceId } from '../id.ts';
import { MAINTENANCE_SEVERITIES, MAINTENANCE_STATUSES } from '../state/maintenance.ts';
import { PrincipalRef } from './principal.ts';

export const MaintenanceSeverity = z.enum(MAINTENANCE_SEVERITIES);

/** A time in which work is announced to be disturbed, or is kept out. */
export const Maintenance = z
  .object({
    object: z.literal('maintenance'),
    id: MaintenanceId,
    project_id: ProjectId,
    workspace_id: WorkspaceId.nullable().meta({ description: 'Null is the whole project' }),
    title: z.string(),
    description: z.string().nullable(),
    severity: MaintenanceSeverity,
    status: z.enum(MAINTENANCE_STATUSES),
    starts_at: Timestamp,
    ends_at: Timestamp.nullable().meta({ description: 'Null goes on until somebody completes it' }),
    created_by: PrincipalRef,
    created_at: Timestamp,
    started_at: Timestamp.nullable(),
    ended_at: Timestamp.nullable(),
    actions: z.array(z.enum(['start', 'complete', 'cancel'])),
  })
  .meta({ id: 'Maintenance' });
export type Maintenance = z.infer<typeof Maintenance>;

/** A window that is in progress, as what it touches shows it. */
export const OpenMaintenance = z
  .object({
    id: MaintenanceId,
    severity: MaintenanceSeverity,
    title: z.string(),
    ends_at: Timestamp.nullable(),
  })
  .meta({ id: 'OpenMaintenance' });
export type OpenMaintenance = z.infer<typeof OpenMaintenance>;
