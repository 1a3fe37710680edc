import { MINUTE_MS } from '@xem/protocol';
import type { Chance } from '../seed.ts';
import { CLOCK_FAULTS } from './clock-faults.ts';
import { CRASH_FAULTS } from './crash-faults.ts';
import { breakOnce, experiment, type ExperimentOptions, type Report } from './experiment.ts';
import type { Fault } from './fault.ts';
import { HOSTILE_FAULTS } from './hostile-faults.ts';
import { LINE_FAULTS } from './line-faults.ts';
import { PROCESS_FAULTS } from './process-faults.ts';
import { WEBHOOK_FAULTS } from './webhook-faults.ts';

/** Everything that a random run chooses from. */
export const RANDOM_FAULTS: readonly Fault[] = [
  ...PROCESS_FAULTS,
  ...LINE_FAULTS,
  ...CRASH_FAULTS,
  ...HOSTILE_FAULTS,
  ...CLOCK_FAULTS,
  ...WEBHOOK_FAULTS,
];

interface RandomOptions extends ExperimentOptions {
  readonly minutes: number;
  /** The beginning of the ids of the faults to choose from. */
  readonly only?: string | undefined;
}

function choose(chance: Chance, faults: readonly Fault[]): Fault {
  const [first, ...others] = faults.flatMap((fault) => Array.from({ length: fault.weight }, () => fault));
  if (!first) throw new Error('there is no fault of that name');
  return chance.pick([first, ...others]);
}

/** Breaks a mesh at random for some minutes; the first mishap ends it. */
export const runRandom = (options: RandomOptions): Promise<Report> =>
  experiment(options, async (running) => {
    const { mesh, chance } = running.world;
    const faults = RANDOM_FAULTS.filter(({ id }) => id.startsWith(options.only ?? ''));
    const endsAt = mesh.clock.monotonic() + options.minutes * MINUTE_MS;
    while (mesh.clock.monotonic() < endsAt && running.mishaps.length === 0)
      await breakOnce(running, choose(chance, faults));
  });
