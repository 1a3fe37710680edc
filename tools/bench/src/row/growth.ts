import type { Stage } from '../contest/stage.ts';
import { noopCall } from '../contestant/governed-call.ts';
import { FLOOR } from '../contestant/floor.ts';
import { startMesh } from '../mesh.ts';
import { figure } from '../report/number.ts';
import type { Row } from './row.ts';

const MESH = 'growing';
const CLIENTS = 32;
const TIMES = 10;

interface Growth {
  /** The history to begin with. */
  readonly calls: number;
  readonly measureMs: number;
}

/** What becomes of our calls a second when the history is ten times as long, held against what the floor did then and now. */
export async function growth({ clock, load }: Stage, { calls, measureMs }: Growth): Promise<Row> {
  const mesh = await startMesh(clock);
  await load.open(MESH, noopCall(mesh));
  const feed = (count: number) =>
    load.measure({ name: MESH, clients: CLIENTS, ms: Number.MAX_SAFE_INTEGER, calls: count });
  const share = async (): Promise<{ readonly ours: number; readonly ratio: number }> => {
    const theirs = await load.measure({ name: FLOOR, clients: CLIENTS, ms: measureMs });
    const ours = await load.measure({ name: MESH, clients: CLIENTS, ms: measureMs });
    return { ours: ours.callsPerSecond, ratio: ours.callsPerSecond / theirs.callsPerSecond };
  };
  await feed(calls);
  const before = await share();
  await feed(calls * (TIMES - 1));
  const after = await share();
  await mesh.stop();
  return {
    id: 'growth',
    says: `calls/s against the floor at ${TIMES} × ${calls} calls of history over the same at ${calls}`,
    ratio: after.ratio / before.ratio,
    goal: null,
    figures: `${figure(before.ours)}/s, then ${figure(after.ours)}/s; × ${figure(before.ratio)}, then × ${figure(after.ratio)} of the floor`,
  };
}
