import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Baseline } from './check.ts';

const FILE = fileURLToPath(new URL('../../baseline.json', import.meta.url));

/** The checked-in baseline. @throws Error when it is none */
export const readBaseline = (): Baseline => Baseline.parse(JSON.parse(readFileSync(FILE, 'utf8')));

/** Puts another in its place, with two digits: the rest is noise. */
export function writeBaseline({ cores, ratios }: Baseline): void {
  const rounded = Object.entries(ratios).map(([clients, ratio]) => [clients, Number(ratio.toPrecision(2))]);
  writeFileSync(FILE, `${JSON.stringify({ cores, ratios: Object.fromEntries(rounded) }, null, 2)}\n`);
}
