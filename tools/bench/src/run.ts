import type { Clock } from '@xem/runtime';
import { contest } from './contest/contest.ts';
import { onStage, type Stage } from './contest/stage.ts';
import { standingOf } from './contest/standing.ts';
import type { Contestant, ContestantRow } from './contestant/contestant.ts';
import { PEERS } from './contestant/table.ts';
import { processorMs } from './cpu.ts';
import { lookAtMachine } from './machine.ts';
import type { Options } from './options.ts';
import type { Report } from './report/report.ts';
import { residentNow } from './row/resident.ts';
import { otherRows } from './row/table.ts';

const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** The processor time that all processes of a contestant have used; NaN when nobody knows them. */
const usedBy = (contestant: Contestant | undefined): number =>
  contestant && contestant.pids.length > 0
    ? contestant.pids.reduce((sum, pid) => sum + processorMs(pid), 0)
    : Number.NaN;

async function play(stage: Stage, { plan, effort }: Options): Promise<Omit<Report, 'machine' | 'missing'>> {
  const { load, us, peers, mesh } = stage;
  const idle = effort ? await residentNow(mesh, 'idle') : [];
  const names = peers.map(({ name }) => name);
  const onRound = (round: number): void => tell(`round ${round} of ${plan.rounds}`);
  const spent = (name: string): number => usedBy([us, ...peers].find((one) => one.name === name));
  const { matches, calls } = await contest({
    load,
    plan,
    ours: us.name,
    peers: names,
    processorMs: spent,
    onRound,
  });
  const contestants = [];
  for (const contestant of [us, ...peers]) {
    const { name, about } = contestant;
    contestants.push({ name, about, found: await contestant.verify(calls.get(name) ?? 0) });
  }
  const after = effort ? await residentNow(mesh, `after ${calls.get(us.name)} calls`) : [];
  const others = effort ? await otherRows(stage, { effort, onNext: tell }) : [];
  return { standings: matches.map(standingOf), rows: [...others, ...idle, ...after], contestants };
}

/** Measures what the options ask for, and looks afterwards whether the work was done. @throws Error when it was not */
export async function run(clock: Clock, options: Options): Promise<Report> {
  const { against } = options;
  const wanted = PEERS.filter(({ name }) => against === null || against.includes(name));
  const missing = wanted.flatMap((row) => (row.missing() === null ? [] : [`${row.name}: ${row.missing()}`]));
  const here: readonly ContestantRow[] = wanted.filter((row) => row.missing() === null);
  for (const line of missing) tell(`left out: ${line}`);
  const machine = lookAtMachine(clock);
  return { machine, missing, ...(await onStage(clock, here, (stage) => play(stage, options))) };
}
