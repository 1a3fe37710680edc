import { ExecError } from '@xem/errors';
import { updateMaintenance, type Maintenance, type ParsedInputOf } from '@xem/protocol';
import type { MaintenanceRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { msOrUndefined } from '../timestamp.ts';
import { assertSpan } from './create.ts';
import { maintenanceFact } from './facts.ts';
import { loadWindow } from './get.ts';
import { assertNotEnded } from './move.ts';
import { presentMaintenance } from './present.ts';

type Update = ParsedInputOf<typeof updateMaintenance>;

const endsAtOf = (row: MaintenanceRecord, endsAt: Update['ends_at']): number | null =>
  endsAt === undefined ? row.endsAt : (msOrUndefined(endsAt ?? undefined) ?? null);

function updated(row: MaintenanceRecord, update: Update): MaintenanceRecord {
  const startsAt = msOrUndefined(update.starts_at) ?? row.startsAt;
  const endsAt = endsAtOf(row, update.ends_at);
  return {
    ...row,
    title: update.title ?? row.title,
    description: update.description === undefined ? row.description : update.description,
    severity: update.severity ?? row.severity,
    startsAt,
    endsAt,
    dueAt: row.status === 'scheduled' ? startsAt : endsAt,
  };
}

/** Changes a window that has not ended. @throws ExecError maintenance_not_found, already_terminal, invalid_state, invalid_body */
export const update = (ctx: VerbContext, input: Update): Promise<Maintenance> =>
  mutate(ctx, updateMaintenance, async (tx) => {
    const row = await loadWindow(ctx, tx.maintenance, input.id);
    assertNotEnded(row);
    if (input.starts_at !== undefined && row.status !== 'scheduled')
      throw new ExecError('invalid_state', `${row.id} is ${row.status}: it has started`);
    const changed = updated(row, input);
    if (input.starts_at !== undefined || input.ends_at !== undefined) assertSpan(changed, ctx.clock.now());
    const saved = await tx.maintenance.save(changed);
    return {
      result: presentMaintenance(saved),
      facts: [maintenanceFact('maintenance.updated', saved)],
      committed: () => ctx.windows.put(saved),
    };
  });
