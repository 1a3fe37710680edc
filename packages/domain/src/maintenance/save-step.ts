import type { MaintenanceRecord, WriteTx } from '@xem/store';
import type { Services } from '../context.ts';
import type { Change } from '../mutate.ts';
import { maintenanceFact } from './facts.ts';
import { move, type Step } from './move.ts';

const ENTRIES = {
  start: 'maintenance.started',
  complete: 'maintenance.completed',
  cancel: 'maintenance.cancelled',
} as const;

/** What happens to a window, and what the journal hears of it besides. */
interface Taken {
  readonly step: Step;
  readonly data?: { readonly reason: string | null };
}

/** Takes a window a step further, whoever takes it. @throws ExecError already_terminal, invalid_state */
export async function saveStep(
  { clock, windows }: Pick<Services, 'clock' | 'windows'>,
  tx: WriteTx,
  { row, step, data }: Taken & { readonly row: MaintenanceRecord },
): Promise<Change<MaintenanceRecord>> {
  const saved = await tx.maintenance.save(move(row, step, clock.now()));
  return {
    result: saved,
    facts: [maintenanceFact(ENTRIES[step], saved, data)],
    committed: () => windows.put(saved),
  };
}
