import { ExecError } from '@xem/errors';
import type { getMaintenance, Maintenance, MaintenanceId, ParsedInputOf } from '@xem/protocol';
import type { MaintenanceReader, MaintenanceRecord } from '@xem/store';
import type { Origin, VerbContext } from '../context.ts';
import { presentMaintenance } from './present.ts';

/** The row of a window of the project. @throws ExecError maintenance_not_found, another project's id too */
export async function loadWindow(
  { projectId }: Pick<Origin, 'projectId'>,
  rows: MaintenanceReader,
  id: MaintenanceId,
): Promise<MaintenanceRecord> {
  const row = await rows.get(projectId, id);
  if (row) return row;
  throw new ExecError('maintenance_not_found', `the project has no maintenance window ${id}`);
}

/** Reads a window. @throws ExecError maintenance_not_found */
export const get = async (
  ctx: VerbContext,
  { id }: ParsedInputOf<typeof getMaintenance>,
): Promise<Maintenance> => presentMaintenance(await loadWindow(ctx, ctx.store.read.maintenance, id));
