import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { systemClock, systemIds } from '@xem/runtime';
import { isClean, type Report } from './scenario/experiment.ts';
import { runRandom } from './scenario/random.ts';
import { runSweep } from './scenario/sweep.ts';

const USAGE = `usage: pnpm faults [--minutes N] [--seed S] [--only FAULT]
       pnpm faults --sweep [--seed S] [--only POINT]

Runs a router and three agents, puts them under load, breaks them at random, and judges what is left. Ends with 1 when
something is wrong, and keeps the evidence then. --only takes the beginning of a fault's id, such as "router." or
"line.cut". --sweep has router and agent die at every named point instead, or at those with POINT in their name.
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    seed: { type: 'string', default: systemIds(systemClock()).hex(6) },
    only: { type: 'string' },
    sweep: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function tell(report: Report): void {
  const { seed, faults, tally, evidence, violations, mishaps, dir } = report;
  const { calls, answers, refusals, silences } = tally;
  for (const [id, count] of Object.entries(faults)) say(`  ${id.padEnd(48)} ${count}`);
  say(`requests ${calls}: answered ${answers}, refused ${refusals}, unanswered ${silences}`);
  const judged = Object.entries(evidence).map(([what, count]) => `${count} ${what}`);
  say(`judged ${judged.join(', ')}`);
  for (const { invariant, says } of violations) say(`VIOLATION ${invariant}: ${says}`);
  for (const says of mishaps) say(`MISHAP ${says}`);
  if (!isClean(report)) say(`evidence: ${dir}`);
  say(`seed ${seed}: ${violations.length} violations, ${mishaps.length} mishaps`);
}

if (values.help) process.stdout.write(USAGE);
else {
  const { seed, only } = values;
  say(`seed ${seed}`);
  const report = await (values.sweep
    ? runSweep({ seed, only, say })
    : runRandom({ seed, only, say, minutes: Number(values.minutes) }));
  tell(report);
  if (isClean(report)) await rm(report.dir, { recursive: true, force: true });
  process.exitCode = isClean(report) ? 0 : 1;
}
