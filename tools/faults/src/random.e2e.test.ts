import { rm } from 'node:fs/promises';
import { lastWords } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { isClean } from './scenario/experiment.ts';
import { runRandom } from './scenario/random.ts';

const MINUTES = 2;
const TIMEOUT_MS = 6 * 60_000;

test(
  'faults at random for two minutes break nothing that the mesh promised',
  { timeout: TIMEOUT_MS },
  async () => {
    const said: string[] = [];
    const report = await runRandom({ seed: 'ci', minutes: MINUTES, say: (line) => void said.push(line) });
    const { violations, mishaps, evidence, dir } = report;
    if (isClean(report)) await rm(dir, { recursive: true, force: true });
    else process.stderr.write(lastWords(dir));
    expect({ violations, mishaps, dir, said }).toMatchObject({ violations: [], mishaps: [] });
    expect(evidence.effects).toBeGreaterThan(10);
  },
);
