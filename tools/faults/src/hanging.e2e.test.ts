import { rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { isClean } from './scenario/experiment.ts';
import { runRandom } from './scenario/random.ts';

/** Over when the first fault is. */
const MINUTES = 0.01;
const TIMEOUT_MS = 3 * 60_000;

test(
  'targets of webhooks that hang, drip, pour or lead in circles hold up nobody',
  { timeout: TIMEOUT_MS },
  async () => {
    const said: string[] = [];
    const options = {
      seed: 'hanging',
      minutes: MINUTES,
      only: 'webhook.',
      say: (line: string) => void said.push(line),
    };
    const report = await runRandom(options);
    const { violations, mishaps, dir } = report;
    if (isClean(report)) await rm(dir, { recursive: true, force: true });
    expect({ violations, mishaps, dir, said }).toMatchObject({ violations: [], mishaps: [] });
  },
);
