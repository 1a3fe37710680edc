import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Baseline } from './check.ts';

const FILE = fileURLToPath(new URL('../../baseline.json', import.meta.url));

/** The checked-in baseline. @throws Error when it is none */
export const readBaseline = (): Baseline => Baseline.parse(JSON.parse(readFileSync(FILE, 'utf8')));

/** Two digits: the rest is noise. */
const rounded = (ratios: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(ratios).map(([name, ratio]) => [name, Number(ratio.toPrecision(2))]));

/** Puts another in its place. */
export function writeBaseline({ cores, throughput, processor }: Baseline): void {
  const baseline = { cores, throughput: rounded(throughput), processor: rounded(processor) };
  writeFileSync(FILE, `${JSON.stringify(baseline, null, 2)}\n`);
}
