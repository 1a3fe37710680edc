import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { systemClock, systemIds } from '@xem/runtime';
import { runDisk } from './scenario/disk.ts';
import { isClean, type Report } from './scenario/experiment.ts';
import { runRaces } from './scenario/races.ts';
import { runRandom } from './scenario/random.ts';
import { runSpoil } from './scenario/spoil.ts';
import { runSweep } from './scenario/sweep.ts';

const USAGE = `usage: pnpm faults [random] [--minutes N] [--seed S] [--only FAULT]
       pnpm faults sweep [--seed S] [--only POINT]
       pnpm faults disk [--seed S] [--only FAULT]
       pnpm faults spoil [--seed S]
       pnpm faults races [--pairs N] [--seed S]

Runs a router and three agents, puts them under load, breaks them, and judges what is left. Ends with 1 when something
is wrong, and keeps the evidence then.
  random  breaks them at random; --only takes the beginning of a fault's id, such as "router." or "line.cut"
  sweep   has router and agent die at every named point, or at those with POINT in their name
  disk    fills and breaks their disks, as far as this machine lets it: as root for mounts, and with strace
  spoil   flips bits in copies of the database, cuts its log, and has a router start over each
  races   has two decide over one call at one moment, N times for each two
`;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '2' },
    pairs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: systemIds(systemClock()).hex(6) },
    only: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

interface Given {
  readonly seed: string;
  readonly only: string | undefined;
  readonly say: typeof say;
}

const RUNS: Readonly<Record<string, (given: Given) => Promise<Report>>> = {
  random: (given) => runRandom({ ...given, minutes: Number(values.minutes) }),
  sweep: runSweep,
  disk: runDisk,
  spoil: runSpoil,
  races: (given) => runRaces({ ...given, pairs: Number(values.pairs) }),
};

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

const run = RUNS[positionals[0] ?? 'random'];
if (values.help || !run) {
  process.stdout.write(USAGE);
  process.exitCode = run ? 0 : 2;
} else {
  const { seed, only } = values;
  say(`seed ${seed}`);
  const report = await run({ seed, only, say });
  tell(report);
  if (isClean(report)) await rm(report.dir, { recursive: true, force: true });
  process.exitCode = isClean(report) ? 0 : 1;
}
