import { rm } from 'node:fs/promises';
import { lastWords } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { isClean } from './scenario/experiment.ts';
import { RACE_IDS, runRaces } from './scenario/races.ts';

const PAIRS = 25;
const TIMEOUT_MS = 4 * 60_000;

test(
  'of two who decide at one moment one wins, and there is one effect at most',
  { timeout: TIMEOUT_MS },
  async () => {
    const said: string[] = [];
    const report = await runRaces({ seed: 'ci', pairs: PAIRS, say: (line) => void said.push(line) });
    const { violations, mishaps, evidence, dir } = report;
    if (isClean(report)) await rm(dir, { recursive: true, force: true });
    else process.stderr.write(lastWords(dir));
    expect({ violations, mishaps, dir, said }).toMatchObject({ violations: [], mishaps: [] });
    expect(said).toHaveLength(RACE_IDS.length);
    expect(evidence.approvals).toBe(RACE_IDS.length * PAIRS);
  },
);
