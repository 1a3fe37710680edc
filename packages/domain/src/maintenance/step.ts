import {
  cancelMaintenance,
  completeMaintenance,
  startMaintenance,
  type Maintenance,
  type ParsedInputOf,
} from '@xem/protocol';
import type { Governed, VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { loadWindow } from './get.ts';
import type { Step } from './move.ts';
import { presentMaintenance } from './present.ts';
import { saveStep } from './save-step.ts';

type Input = ParsedInputOf<typeof startMaintenance>;

const take =
  (operation: Governed, step: Step) =>
  (ctx: VerbContext, { id, reason }: Input): Promise<Maintenance> =>
    mutate(ctx, operation, async (tx) => {
      const row = await loadWindow(ctx, tx.maintenance, id);
      const change = await saveStep(ctx, tx, { row, step, data: { reason: reason ?? null } });
      return { ...change, result: presentMaintenance(change.result) };
    });

/** Starts a window before its time. @throws ExecError maintenance_not_found, already_terminal, invalid_state */
export const start = take(startMaintenance, 'start');

/** Ends a window that is in progress. @throws ExecError maintenance_not_found, already_terminal, invalid_state */
export const complete = take(completeMaintenance, 'complete');

/** Calls a window off, or breaks it off. @throws ExecError maintenance_not_found, already_terminal */
export const cancel = take(cancelMaintenance, 'cancel');
