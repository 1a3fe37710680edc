import { JournalVerification } from '@xem/protocol';
import { expect } from 'vitest';
import { fuzz, sayReport } from '../fuzz/fuzz.ts';
import { call } from '../mesh/api.ts';
import { effectsOf } from '../mesh/effects.ts';
import { ask, decide, run, settled } from '../mesh/invoke.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { proves } from '../proves.ts';

const mesh = useMesh();

const SEED = 4;
const FOR_MS = 20_000;
const RESIDENT_MIB_MAX = 600;
const HEALTH_MS_MAX = 5000;

proves('contract.fuzz', 'for twenty seconds', async () => {
  const report = await fuzz(mesh(), { seed: SEED, forMs: FOR_MS });
  process.stdout.write(`${sayReport(report)}\n`);
  expect(report.breaches).toEqual([]);
  expect(report.residentMiB).toBeLessThan(RESIDENT_MIB_MAX);
  expect(report.slowestHealthMs).toBeLessThan(HEALTH_MS_MAX);

  expect(await run(mesh(), { tool: 'demo_echo', args: { still: 'here' } })).toMatchObject({
    status: 'completed',
  });
  const gated = await ask(mesh(), { tool: 'demo_effect' });
  expect((await decide(mesh(), gated.approval?.id ?? '', { verb: 'approve' })).status).toBe(200);
  expect(await settled(mesh(), gated.id)).toMatchObject({ status: 'completed' });
  expect(effectsOf(mesh(), gated.id)).toHaveLength(1);
  for (const as of ['operator', 'other_project'] as const) {
    const { body } = await call(mesh(), { path: '/v1/exec/journal/verify', as });
    expect(JournalVerification.parse(body)).toMatchObject({ ok: true, first_bad_seq: null });
  }
});
