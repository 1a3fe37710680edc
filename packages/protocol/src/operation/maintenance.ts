import { z } from 'zod';
import { Maintenance, MaintenanceSeverity } from '../entity/maintenance.ts';
import { Reason } from '../entity/invocation.ts';
import { MaintenanceId, Timestamp, WorkspaceId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { MAINTENANCE_STATUSES } from '../state/maintenance.ts';
import { operation } from './operation.ts';

const Title = z.string().min(1).max(200);
const Description = z.string().max(2000);

const manages = { scope: 'management', answers: 'json', output: Maintenance } as const;

export const createMaintenance = operation({
  ...manages,
  id: 'maintenance.create',
  method: 'POST',
  path: '/management/maintenance',
  status: 201,
  summary: 'Announce a maintenance window',
  input: z.strictObject({
    title: Title,
    description: Description.optional(),
    severity: MaintenanceSeverity,
    workspace_id: WorkspaceId.optional().meta({ description: 'The whole project when it is left out' }),
    starts_at: Timestamp.optional().meta({ description: 'Now when it is left out' }),
    ends_at: Timestamp.optional().meta({ description: 'Until somebody completes it when it is left out' }),
  }),
  errors: ['invalid_workspace_id', 'workspace_not_found', 'invalid_state'],
});

export const listMaintenance = operation({
  ...manages,
  id: 'maintenance.list',
  method: 'GET',
  path: '/management/maintenance',
  summary: 'List maintenance windows, newest first',
  input: z.strictObject({ ...PageQuery.shape, status: z.enum(MAINTENANCE_STATUSES).optional() }),
  output: pageOf(Maintenance, 'MaintenanceList'),
  errors: [],
});

export const getMaintenance = operation({
  ...manages,
  id: 'maintenance.get',
  method: 'GET',
  path: '/management/maintenance/:id',
  summary: 'Read a maintenance window',
  input: z.strictObject({ id: MaintenanceId }),
  errors: ['maintenance_not_found'],
});

export const updateMaintenance = operation({
  ...manages,
  id: 'maintenance.update',
  method: 'PATCH',
  path: '/management/maintenance/:id',
  summary: 'Change a maintenance window that has not ended',
  input: z.strictObject({
    id: MaintenanceId,
    title: Title.optional(),
    description: Description.nullable().optional(),
    severity: MaintenanceSeverity.optional(),
    starts_at: Timestamp.optional().meta({ description: 'Only before it has started' }),
    ends_at: Timestamp.nullable().optional(),
  }),
  errors: ['maintenance_not_found', 'already_terminal', 'invalid_state'],
});

const steps = {
  ...manages,
  method: 'POST',
  input: z.strictObject({ id: MaintenanceId, reason: Reason.optional() }),
  errors: ['maintenance_not_found', 'already_terminal', 'invalid_state'],
} as const;

export const startMaintenance = operation({
  ...steps,
  id: 'maintenance.start',
  path: '/management/maintenance/:id/start',
  summary: 'Start a maintenance window before its time',
});

export const completeMaintenance = operation({
  ...steps,
  id: 'maintenance.complete',
  path: '/management/maintenance/:id/complete',
  summary: 'End a maintenance window that is in progress',
});

export const cancelMaintenance = operation({
  ...steps,
  id: 'maintenance.cancel',
  path: '/management/maintenance/:id/cancel',
  summary: 'Call a maintenance window off, or break it off',
});
