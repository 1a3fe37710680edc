import { JournalVerification } from '@xem/protocol';
import { ask } from '../api.ts';
import type { BenchMesh } from '../mesh.ts';
import type { Contestant } from './contestant.ts';
import { noopCall } from './governed-call.ts';

/** What one governed call leaves in the journal: created, queued, dispatched, started, its run's end and its own. */
const ENTRIES_PER_CALL = 6;

async function verify(mesh: BenchMesh, calls: number): Promise<string> {
  const { ok, entries } = JournalVerification.parse(await ask(mesh, { path: 'journal/verify' }));
  if (!ok) throw new Error('the journal does not verify after the benchmark');
  if (entries < calls * ENTRIES_PER_CALL)
    throw new Error(`${calls} calls left only ${entries} journal entries`);
  return `${entries} journal entries, chain verified`;
}

/** A mesh as a contestant. */
export const ours = (mesh: BenchMesh): Contestant => ({
  name: 'xem',
  about:
    'governed call: key, rate, schema, policy, idempotency, flushed before it is acknowledged, CURVE, agent, result, journal',
  driver: noopCall(mesh),
  pids: [mesh.pids.router, ...mesh.pids.agents],
  readyMs: mesh.readyMs,
  verify: (calls) => verify(mesh, calls),
  stop: () => mesh.stop(),
});
