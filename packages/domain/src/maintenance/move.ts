import { ExecError } from '@xem/errors';
import { MAINTENANCE_TERMINAL, maintenanceMachine } from '@xem/protocol';
import type { MaintenanceRecord } from '@xem/store';
import { advance, allows } from '../advance.ts';

/** What happens to a window. */
export type Step = 'start' | 'complete' | 'cancel';

/** Refuses what no window that has ended can do. @throws ExecError already_terminal */
export function assertNotEnded({ id, status }: MaintenanceRecord): void {
  if (MAINTENANCE_TERMINAL.has(status)) throw new ExecError('already_terminal', `${id} is ${status}`);
}

/** A window after a step, with what the router does next. @throws ExecError already_terminal, invalid_state */
export function move(row: MaintenanceRecord, step: Step, now: number): MaintenanceRecord {
  assertNotEnded(row);
  if (!allows(maintenanceMachine, row.status, step))
    throw new ExecError('invalid_state', `${row.id} is ${row.status}`);
  const moved = advance(maintenanceMachine, row, step);
  if (step === 'start') return { ...moved, startedAt: now, dueAt: row.endsAt };
  return { ...moved, endedAt: now, dueAt: null };
}
