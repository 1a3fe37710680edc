import { check } from '../check/check.ts';
import type { Evidence, Violation } from '../evidence/evidence.ts';
import { startMesh } from '../harness/mesh.ts';
import type { Tally } from '../load/caller.ts';
import { chanceOf, type Chance } from '../seed.ts';
import type { Fault } from './fault.ts';
import { LINE_FAULTS } from './line-faults.ts';
import { PROCESS_FAULTS } from './process-faults.ts';
import { drain, evidenceOf, openWorld, probe, type World } from './world.ts';

/** Everything that a random run chooses from. */
const RANDOM_FAULTS: readonly Fault[] = [...PROCESS_FAULTS, ...LINE_FAULTS];

/** What a run is asked for. */
export interface RunOptions {
  readonly seed: string;
  readonly minutes: number;
  /** The beginning of the ids of the faults to choose from. */
  readonly only?: string | undefined;
  readonly say: (line: string) => void;
}

/** What a run came to. */
export interface RunReport {
  readonly seed: string;
  readonly faults: Readonly<Record<string, number>>;
  readonly tally: Readonly<Tally>;
  readonly violations: readonly Violation[];
  /** How much was judged. */
  readonly evidence: Readonly<Record<'calls' | 'approvals' | 'effects' | 'entries' | 'lines', number>>;
  /** What went wrong beside the invariants: a process that died by itself, an answer that was none. */
  readonly mishaps: readonly string[];
  /** Where the evidence lies; removed when there is nothing to show. */
  readonly dir: string;
}

const MINUTE_MS = 60_000;

function choose(chance: Chance, faults: readonly Fault[]): Fault {
  const [first, ...others] = faults.flatMap((fault) => Array.from({ length: fault.weight }, () => fault));
  if (!first) throw new Error('there is no fault of that name');
  return chance.pick([first, ...others]);
}

/** Processes that ended though nobody ended them. */
const deaths = ({ mesh }: World): readonly string[] =>
  [mesh.router(), ...mesh.agents.map((agent) => agent.program())]
    .filter((program) => !program.isRunning())
    .map(({ pid }) => `process ${pid} died by itself; see the logs in ${mesh.dir}`);

async function breakOnce(world: World, fault: Fault, mishaps: string[]): Promise<void> {
  try {
    await fault.run(world);
  } catch (err) {
    mishaps.push(`${fault.id}: ${err instanceof Error ? err.message : String(err)}`);
  }
  mishaps.push(...deaths(world));
  await probe(world, fault.id);
}

async function breakAll(
  world: World,
  options: RunOptions,
  mishaps: string[],
): Promise<Record<string, number>> {
  const { mesh, chance } = world;
  const counts: Record<string, number> = {};
  const faults = RANDOM_FAULTS.filter(({ id }) => id.startsWith(options.only ?? ''));
  const endsAt = mesh.clock.monotonic() + options.minutes * MINUTE_MS;
  while (mesh.clock.monotonic() < endsAt && mishaps.length === 0) {
    const fault = choose(chance, faults);
    counts[fault.id] = (counts[fault.id] ?? 0) + 1;
    options.say(fault.id);
    await breakOnce(world, fault, mishaps);
  }
  return counts;
}

const sizesOf = (found: Evidence): RunReport['evidence'] => ({
  calls: found.invocations.length,
  approvals: found.approvals.length,
  effects: found.effects.length,
  entries: found.entries.length,
  lines: found.ledger.length,
});

/** Breaks a mesh at random for some minutes, and judges what is left. */
export async function runFaults(options: RunOptions): Promise<RunReport> {
  const { seed } = options;
  const mesh = await startMesh();
  const world = openWorld(mesh, chanceOf(seed));
  const mishaps: string[] = [];
  try {
    world.load.start();
    const faults = await breakAll(world, options, mishaps);
    await drain(world);
    const found = evidenceOf(world);
    const violations = check(found);
    const all = [...mishaps, ...world.load.mishaps];
    const report = {
      seed,
      faults,
      tally: world.load.tally,
      evidence: sizesOf(found),
      violations,
      mishaps: all,
      dir: mesh.dir,
    };
    await mesh.stop();
    if (violations.length + all.length === 0) await mesh.remove();
    return report;
  } finally {
    await mesh.stop();
  }
}
