import type { MaintenanceId, ProjectId } from '@xem/protocol';
import type { MaintenanceRecord } from '@xem/store';
import { internalOperation, systemContext, type Services } from '../context.ts';
import { mutate } from '../mutate.ts';
import { saveStep } from './save-step.ts';

const passWindow = internalOperation('maintenance.pass');

type Needs = Pick<Services, 'store' | 'clock' | 'ids' | 'windows'>;

const isDue = (row: MaintenanceRecord | null, now: number): row is MaintenanceRecord =>
  row?.dueAt !== undefined && row.dueAt !== null && row.dueAt <= now;

/** Starts or ends a window whose time has come; one that was moved meanwhile stays as it is. */
export const passNext = (
  services: Needs,
  { projectId, id }: { readonly projectId: ProjectId; readonly id: MaintenanceId },
): Promise<void> =>
  mutate(systemContext(services, projectId), passWindow, async (tx) => {
    const row = await tx.maintenance.get(projectId, id);
    if (!isDue(row, services.clock.now())) return { result: undefined, facts: [] };
    const step = row.status === 'scheduled' ? 'start' : 'complete';
    return { ...(await saveStep(services, tx, { row, step })), result: undefined };
  });
