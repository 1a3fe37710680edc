import {
  cancelMaintenance,
  completeMaintenance,
  startMaintenance,
  type Maintenance,
  type ParsedInputOf,
} from '@xem/protocol';
import type { Governed, VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { maintenanceFact } from './facts.ts';
import { loadWindow } from './get.ts';
import { move, type Step } from './move.ts';
import { presentMaintenance } from './present.ts';

type Input = ParsedInputOf<typeof startMaintenance>;

const ENTRIES = {
  start: 'maintenance.started',
  complete: 'maintenance.completed',
  cancel: 'maintenance.cancelled',
} as const;

const take =
  (operation: Governed, step: Step) =>
  (ctx: VerbContext, { id, reason }: Input): Promise<Maintenance> =>
    mutate(ctx, operation, async (tx) => {
      const row = move(await loadWindow(ctx, tx.maintenance, id), step, ctx.clock.now());
      const saved = await tx.maintenance.save(row);
      return {
        result: presentMaintenance(saved),
        facts: [maintenanceFact(ENTRIES[step], saved, { reason: reason ?? null })],
        committed: () => ctx.windows.put(saved),
      };
    });

/** Starts a window before its time. @throws ExecError maintenance_not_found, already_terminal, invalid_state */
export const start = take(startMaintenance, 'start');

/** Ends a window that is in progress. @throws ExecError maintenance_not_found, already_terminal, invalid_state */
export const complete = take(completeMaintenance, 'complete');

/** Calls a window off, or breaks it off. @throws ExecError maintenance_not_found, already_terminal */
export const cancel = take(cancelMaintenance, 'cancel');
