import { expect, test } from 'vitest';
import { runFaults } from './scenario/run.ts';

const MINUTES = 2;
const TIMEOUT_MS = 6 * 60_000;

test(
  'faults at random for two minutes break nothing that the mesh promised',
  { timeout: TIMEOUT_MS },
  async () => {
    const said: string[] = [];
    const report = await runFaults({ seed: 'ci', minutes: MINUTES, say: (line) => void said.push(line) });
    const { violations, mishaps, evidence } = report;
    expect({ violations, mishaps, dir: report.dir, said }).toMatchObject({ violations: [], mishaps: [] });
    expect(evidence.effects).toBeGreaterThan(10);
  },
);
