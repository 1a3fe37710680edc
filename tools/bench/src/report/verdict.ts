import { TOLERANCE, type Baseline, type Finding } from '../baseline/check.ts';
import { figure } from './number.ts';

const SAYS: Readonly<Record<Finding['verdict'], string>> = {
  holds: 'holds',
  worse: `worse by more than ${TOLERANCE * 100} %`,
  better: `better by more than ${TOLERANCE * 100} %: pnpm bench --write-baseline on a quiet machine`,
  missing: 'not measured',
};

const WHAT: Readonly<Record<Finding['what'], string>> = {
  throughput: 'calls/s',
  processor: 'processor time of a call',
};

/** What a check found, a line for each ratio. */
export const verdictLines = (
  { cores: then }: Pick<Baseline, 'cores'>,
  cores: number,
  findings: readonly Finding[],
): readonly string[] => [
  ...(then === cores ? [] : [`The baseline was measured with ${then} cores and this machine has ${cores}.`]),
  ...findings.map(
    ({ what, clients, was, is, verdict }) =>
      `${WHAT[what]} at ${clients} clients: × ${is === null ? '-' : figure(is)} of the floor, baseline × ${figure(was)}: ${SAYS[verdict]}`,
  ),
];
