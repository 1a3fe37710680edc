import { writeFile } from 'node:fs/promises';
import { systemClock } from '@xem/runtime';
import { check, passes, ratiosOf } from './baseline/check.ts';
import { readBaseline, writeBaseline } from './baseline/file.ts';
import { FLOOR } from './contestant/floor.ts';
import { readOptions } from './options.ts';
import { render, type Report } from './report/report.ts';
import { verdictLines } from './report/verdict.ts';
import { run } from './run.ts';

/** `pnpm bench`: how fast this is beside others on the same machine in the same run. */
const options = readOptions(process.argv.slice(2));
const report = await run(systemClock(), options);
process.stdout.write(render(report));
if (options.json !== null) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);

function checkBaseline({ standings, machine }: Report): void {
  const baseline = readBaseline();
  const findings = check(baseline, ratiosOf(standings, FLOOR));
  process.stdout.write(`\n${verdictLines(baseline, machine.cores, findings).join('\n')}\n`);
  if (!passes(findings)) process.exitCode = 1;
}

if (options.baseline === 'check') checkBaseline(report);
if (options.baseline === 'write')
  writeBaseline({ cores: report.machine.cores, ...ratiosOf(report.standings, FLOOR) });
