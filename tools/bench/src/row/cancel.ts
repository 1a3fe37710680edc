import { readdirSync, readFileSync } from 'node:fs';
import { Invocation } from '@xem/protocol';
import { ask } from '../api.ts';
import type { Stage } from '../contest/stage.ts';
import { latencyRow } from './latency.ts';
import type { Row } from './row.ts';

const TOOL = 'bench_sleep';
const POLL_MS = 1;

/** The process group of a process if that is its only argument; null of another, and of one that has ended. Linux. */
function groupIfIts(pid: string, argument: string): number | null {
  try {
    const [, first, ...rest] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (first !== argument || rest.join('') !== '') return null;
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  } catch {
    return null;
  }
}

/** The process group of the program whose only argument is this, or null while there is none. */
function groupOf(argument: string): number | null {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map((pid) => groupIfIts(pid, argument)).find((group) => group !== null) ?? null;
}

function isThere(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch {
    return false;
  }
}

/** Cancels one running call; answers how long it took until nothing of its process group was left. */
async function cancelOne({ mesh, clock }: Stage, n: number): Promise<number> {
  // An argument that no other process has.
  const seconds = 100 + n / 1000;
  const body = { workspace_id: mesh.workspace_id, tool: TOOL, args: { seconds } };
  const { id } = Invocation.parse(await ask(mesh, { path: 'invocations', as: 'service', body }));
  let group: number | null = null;
  while ((group = groupOf(String(seconds))) === null) await clock.sleep(POLL_MS);
  const cancelledAt = clock.monotonic();
  const answered = ask(mesh, { path: `invocations/${id}/cancel`, as: 'service', body: {} });
  while (isThere(group)) await clock.sleep(POLL_MS);
  const takenMs = clock.monotonic() - cancelledAt;
  await answered;
  return takenMs;
}

/** From a request to cancel to the end of the tool's whole process group. */
export const cancelToGone = (stage: Stage, times: number): Promise<Row> =>
  latencyRow(
    { id: 'cancel-to-gone', says: 'cancel sent → process group gone', goal: '≤ 100 ms p99', times },
    (n) => cancelOne(stage, n),
  );
