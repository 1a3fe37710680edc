import { test } from 'vitest';
import { runRandom } from './scenario/random.ts';
import { expectClean } from './testing/clean-report.ts';

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
    await expectClean(report, said);
  },
);
