import { HOUR_MS, MaintenanceId } from '@xem/protocol';
import type { MaintenanceRecord } from '../../record/maintenance.ts';
import { makePrincipal, refTo, type Making } from './access.ts';

/** A window of a project that starts in an hour. */
export function makeWindow(
  making: Making,
  some: Partial<MaintenanceRecord> & Pick<MaintenanceRecord, 'projectId'>,
): MaintenanceRecord {
  const now = making.clock.now();
  const startsAt = now + HOUR_MS;
  return {
    id: MaintenanceId.parse(`mnt_${making.ids.hex()}`),
    version: 1,
    workspaceId: null,
    title: 'Kernel upgrade',
    description: null,
    severity: 'critical',
    status: 'scheduled',
    startsAt,
    endsAt: null,
    createdBy: refTo(makePrincipal(making, { projectId: some.projectId })),
    createdAt: now,
    startedAt: null,
    endedAt: null,
    dueAt: startsAt,
    ...some,
  };
}
