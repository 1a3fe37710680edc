import { Approval, Invocation } from '@xem/protocol';
import { ask } from '../api.ts';
import type { Stage } from '../contest/stage.ts';
import { latencyRow } from './latency.ts';
import type { Row } from './row.ts';

const TOOL = 'bench_now';
const NANOSECONDS_PER_MS = 1_000_000;
const POLL_MS = 5;

/** Lets one waiting call run; answers how long after the decision was sent its tool told the time. */
async function decideOne({ mesh, clock }: Stage, n: number): Promise<number> {
  const body = { workspace_id: mesh.workspace_id, tool: TOOL, args: { n } };
  const { id, approval } = Invocation.parse(await ask(mesh, { path: 'invocations', as: 'service', body }));
  const decidedAt = clock.now();
  Approval.parse(await ask(mesh, { path: `approvals/${approval?.id}/approve`, as: 'approver', body: {} }));
  const path = `invocations/${id}?include=output`;
  let seen = Invocation.parse(await ask(mesh, { path }));
  while (seen.ended_at === null) {
    await clock.sleep(POLL_MS);
    seen = Invocation.parse(await ask(mesh, { path }));
  }
  if (seen.status !== 'completed') throw new Error(`a call that was approved ended ${seen.status}`);
  return Number(seen.output?.text) / NANOSECONDS_PER_MS - decidedAt;
}

/** From a person's decision over HTTP to the moment the tool's process runs. */
export const decisionToStart = (stage: Stage, times: number): Promise<Row> =>
  latencyRow(
    { id: 'decision-to-start', says: 'decision sent → tool runs', goal: '≤ 40 ms p99', times },
    (n) => decideOne(stage, n),
  );
