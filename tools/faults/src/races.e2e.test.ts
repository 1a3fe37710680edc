import { expect, test } from 'vitest';
import { RACE_IDS, runRaces } from './scenario/races.ts';
import { expectClean } from './testing/clean-report.ts';

const PAIRS = 25;
const TIMEOUT_MS = 4 * 60_000;

test(
  'of two who decide at one moment one wins, and there is one effect at most',
  { timeout: TIMEOUT_MS },
  async () => {
    const said: string[] = [];
    const report = await runRaces({ seed: 'ci', pairs: PAIRS, say: (line) => void said.push(line) });
    await expectClean(report, said);
    expect(said).toHaveLength(RACE_IDS.length);
    expect(report.evidence.approvals).toBe(RACE_IDS.length * PAIRS);
  },
);
