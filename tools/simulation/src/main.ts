import { parseArgs } from 'node:util';
import { systemClock } from '@xem/runtime';
import { simulate, type Verdict } from './simulate.ts';

/** Plays some seeds one after another and tells of each that broke something. */
async function playAll(from: number, count: number): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  for (let seed = from; seed < from + count; seed += 1) {
    const verdict = await simulate(`${seed}`);
    verdicts.push(verdict);
    for (const what of verdict.broken) process.stdout.write(`seed ${seed}: ${what}\n`);
  }
  return verdicts;
}

const sumOf = (verdicts: readonly Verdict[], count: (verdict: Verdict) => number): number =>
  verdicts.reduce((sum, verdict) => sum + count(verdict), 0);

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '100' }, from: { type: 'string', default: '1' } },
});
const clock = systemClock();
const startedAt = clock.monotonic();
const verdicts = await playAll(Number(values.from), Number(values.seeds));
const calls = sumOf(verdicts, (verdict) => verdict.calls);
const effects = sumOf(verdicts, (verdict) => verdict.effects);
const broken = verdicts.filter((verdict) => verdict.broken.length > 0).length;
const seconds = ((clock.monotonic() - startedAt) / 1000).toFixed(1);
process.stdout.write(
  `${values.seeds} seeds from ${values.from} in ${seconds} s: ${calls} calls, ${effects} effects, ${broken} seeds with something broken\n`,
);
process.exitCode = broken > 0 ? 1 : 0;
