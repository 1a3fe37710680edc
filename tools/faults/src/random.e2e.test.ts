import { expect, test } from 'vitest';
import { runRandom } from './scenario/random.ts';
import { expectClean } from './testing/clean-report.ts';

const MINUTES = 2;
const TIMEOUT_MS = 6 * 60_000;

test(
  'faults at random for two minutes break nothing that the mesh promised',
  { timeout: TIMEOUT_MS },
  async () => {
    const said: string[] = [];
    const report = await runRandom({ seed: 'ci', minutes: MINUTES, say: (line) => void said.push(line) });
    await expectClean(report, said);
    expect(report.evidence.effects).toBeGreaterThan(10);
  },
);
