import { check } from '../check/check.ts';
import type { Evidence, Violation } from '../evidence/evidence.ts';
import { startMesh, type MeshOptions } from '../harness/mesh.ts';
import type { Tally } from '../load/caller.ts';
import { chanceOf } from '../seed.ts';
import type { Fault } from './fault.ts';
import { drain, evidenceOf, openWorld, probe, type World } from './world.ts';

/** What every experiment is asked for. */
export interface ExperimentOptions {
  readonly seed: string;
  readonly say: (line: string) => void;
  readonly mesh?: MeshOptions;
  /** Nobody asks for anything beside the experiment. */
  readonly quiet?: boolean;
}

/** A mesh that is being broken, and what was noted of it. */
export interface Experiment {
  readonly world: World;
  readonly say: (line: string) => void;
  /** How often each fault was. */
  readonly faults: Record<string, number>;
  /** What went wrong beside the invariants: a process that died by itself, an answer that was none. */
  readonly mishaps: string[];
}

/** What an experiment came to. */
export interface Report {
  readonly seed: string;
  readonly faults: Readonly<Record<string, number>>;
  readonly tally: Readonly<Tally>;
  readonly violations: readonly Violation[];
  /** How much was judged. */
  readonly evidence: Readonly<Record<'calls' | 'approvals' | 'effects' | 'entries' | 'lines', number>>;
  readonly mishaps: readonly string[];
  /** Where the evidence lies; removed when there is nothing to show. */
  readonly dir: string;
}

const sizesOf = (found: Evidence): Report['evidence'] => ({
  calls: found.invocations.length,
  approvals: found.approvals.length,
  effects: found.effects.length,
  entries: found.entries.length,
  lines: found.ledger.length,
});

const saysOf = (err: unknown): string => (err instanceof Error ? err.message : String(err));

/** Processes that ended though nobody ended them. */
const deaths = ({ mesh }: World): readonly string[] =>
  [mesh.router(), ...mesh.agents.map((agent) => agent.program())]
    .filter((program) => !program.isRunning())
    .map(({ pid }) => `process ${pid} died by itself; see the logs in ${mesh.dir}`);

/** Breaks a mesh once, and sees how long it takes to recover. */
export async function breakOnce({ world, faults, mishaps, say }: Experiment, fault: Fault): Promise<void> {
  say(fault.id);
  faults[fault.id] = (faults[fault.id] ?? 0) + 1;
  try {
    await fault.run(world);
  } catch (err) {
    mishaps.push(`${fault.id}: ${saysOf(err)}`);
  }
  mishaps.push(...deaths(world));
  await probe(world, fault.id);
}

/** Runs a mesh under load while `body` breaks it, and judges what is left. */
export async function experiment(
  { seed, say, mesh: meshOptions, quiet = false }: ExperimentOptions,
  body: (experiment: Experiment) => Promise<void>,
): Promise<Report> {
  const mesh = await startMesh(meshOptions);
  const world = openWorld(mesh, chanceOf(seed), say);
  const running: Experiment = { world, say, faults: {}, mishaps: [] };
  try {
    if (!quiet) world.load.start();
    await body(running).catch((err: unknown) => running.mishaps.push(saysOf(err)));
    await drain(world);
    const found = evidenceOf(world);
    const violations = check(found);
    const { faults } = running;
    const mishaps = [...running.mishaps, ...world.load.mishaps];
    const evidence = sizesOf(found);
    return { seed, faults, tally: world.load.tally, evidence, violations, mishaps, dir: mesh.dir };
  } finally {
    await world.load.stop();
    await mesh.stop();
  }
}

/** Whether a report has nothing to complain of. */
export const isClean = ({ violations, mishaps }: Report): boolean => violations.length + mishaps.length === 0;
