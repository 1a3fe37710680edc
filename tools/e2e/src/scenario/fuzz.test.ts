import { JournalVerification } from '@xem/protocol';
import { expect } from 'vitest';
import { fuzz, FUZZ_ENV, sayReport } from '../fuzz/fuzz.ts';
import { sendMalformed } from '../fuzz/send-malformed.ts';
import { call } from '../mesh/api.ts';
import { effectsOf } from '../mesh/effects.ts';
import { ask, decide, run, settled } from '../mesh/invoke.ts';
import { useMesh } from '../mesh/use-mesh.ts';
import { ROWS } from '../operation/rows.ts';
import { proves } from '../proves.ts';

const mesh = useMesh(FUZZ_ENV);

const SEED = 4;
const FOR_MS = 20_000;
const RESIDENT_MIB_MAX = 600;
/** A machine that is busy with other things holds a loop up too: these bounds are for what no machine explains. */
const LOOP_SECONDS_MAX = 10;
const LOOP_SECONDS_HALF = 1;

/** Operations that no mesh as it starts can answer with success, by why. */
const ELSEWHERE = new Set(
  Object.entries(ROWS).flatMap(([id, { elsewhere }]) => (elsewhere === undefined ? [] : [id])),
);

proves('contract.fuzz', 'for twenty seconds', async () => {
  const report = await fuzz(mesh(), { seed: SEED, forMs: FOR_MS });
  process.stdout.write(`${sayReport(report)}\n`);
  expect(report.breaches).toEqual([]);
  expect(report.residentMiB).toBeLessThan(RESIDENT_MIB_MAX);
  expect(report.unanswered.filter((id) => !ELSEWHERE.has(id))).toEqual([]);
  expect(report.loop.looks).toBeGreaterThan(0);
  expect(report.loop.half).toBeLessThanOrEqual(LOOP_SECONDS_HALF);
  expect(report.loop.longest).toBeLessThanOrEqual(LOOP_SECONDS_MAX);

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

proves('contract.malformed', 'every route, by methods, targets, headers, lengths and encodings', async () => {
  const { requests, answers, breaches } = await sendMalformed(mesh());
  const counted = [...answers].map(([answer, count]) => `${answer}×${count}`);
  process.stdout.write(`${requests} malformed requests: ${counted.join(' ')}\n`);
  expect(breaches.slice(0, 20)).toEqual([]);
  expect(await run(mesh(), { tool: 'demo_echo', args: { still: 'here' } })).toMatchObject({
    status: 'completed',
  });
});
