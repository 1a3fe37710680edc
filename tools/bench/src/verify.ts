import { JournalVerification } from '@xem/protocol';
import type { BenchMesh } from './mesh.ts';

/** What one governed call leaves in the journal: created, queued, dispatched, started, its run's end and its own. */
const ENTRIES_PER_CALL = 6;

/** Looks whether the work that was measured was really done. @throws Error when the journal does not hold it */
export async function assertDone(mesh: BenchMesh, calls: number): Promise<void> {
  const answer = await fetch(`${mesh.router_url}/v1/exec/journal/verify`, {
    headers: { authorization: `Bearer ${mesh.keys.operator}` },
  });
  const { ok, entries } = JournalVerification.parse(await answer.json());
  if (!ok) throw new Error('the journal does not verify after the benchmark');
  if (entries < calls * ENTRIES_PER_CALL)
    throw new Error(`${calls} calls left only ${entries} journal entries`);
}
