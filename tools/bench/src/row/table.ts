import type { Stage } from '../contest/stage.ts';
import { cancelToGone } from './cancel.ts';
import { commandLine } from './command-line.ts';
import { commandRate } from './command.ts';
import { decisionToStart } from './decision.ts';
import type { Effort } from './effort.ts';
import { growth } from './growth.ts';
import type { Row } from './row.ts';
import { startTime } from './start.ts';

type Measuring = (stage: Stage, effort: Effort) => Promise<readonly Row[]>;

const MEASURINGS: Readonly<Record<string, Measuring>> = {
  'command tool': (stage, { plan }) => commandRate(stage, plan),
  decision: async (stage, { decisions }) => [await decisionToStart(stage, decisions)],
  cancel: async (stage, { cancels }) => [await cancelToGone(stage, cancels)],
  'command line': (stage, { programs }) => commandLine(stage, programs),
  start: (stage, { starts }) => startTime(stage, starts),
  growth: async (stage, { history, plan: { measureMs } }) => [
    await growth(stage, { calls: history, measureMs }),
  ],
};

interface Others {
  readonly effort: Effort;
  /** Told what is measured next. */
  readonly onNext: (name: string) => void;
}

/** Measures everything that is not the contest, one after another. */
export async function otherRows(stage: Stage, { effort, onNext }: Others): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, measuring] of Object.entries(MEASURINGS)) {
    onNext(name);
    rows.push(...(await measuring(stage, effort)));
  }
  return rows;
}
