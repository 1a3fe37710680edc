import { parseArgs } from 'node:util';
import { systemClock, systemIds } from '@xem/runtime';
import { runFaults, type RunReport } from './scenario/run.ts';

const USAGE = `usage: pnpm faults [--minutes N] [--seed S] [--only FAULT]

Runs a router and three agents, puts them under load, breaks them at random, and judges what is left. Ends with 1 when
something is wrong, and keeps the evidence then. --only takes the beginning of a fault's id, such as "router." or "line.cut".
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: systemIds(systemClock()).hex(6) },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function tell({ seed, faults, tally, evidence, violations, mishaps, dir }: RunReport): void {
  const { calls, answers, refusals, silences } = tally;
  const lines = [
    ...Object.entries(faults).map(([id, count]) => `  ${id.padEnd(24)} ${count}`),
    `requests ${calls}: answered ${answers}, refused ${refusals}, unanswered ${silences}`,
    `judged ${Object.entries(evidence)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}`,
    ...violations.map(({ invariant, says }) => `VIOLATION ${invariant}: ${says}`),
    ...mishaps.map((says) => `MISHAP ${says}`),
    ...(violations.length + mishaps.length > 0 ? [`evidence: ${dir}`] : []),
    `seed ${seed}: ${violations.length} violations, ${mishaps.length} mishaps`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

if (values.help) process.stdout.write(USAGE);
else {
  say(`seed ${values.seed}`);
  const report = await runFaults({
    seed: values.seed,
    minutes: Number(values.minutes),
    only: values.only,
    say,
  });
  tell(report);
  process.exitCode = report.violations.length + report.mishaps.length === 0 ? 0 : 1;
}
