import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@xem/runtime';
import type { Stage } from '../contest/stage.ts';
import { restate } from '../contestant/restate.ts';
import { startMesh } from '../mesh.ts';
import { figure } from '../report/number.ts';
import { median } from '../statistic.ts';
import { programTimes } from './program-time.ts';
import type { Row } from './row.ts';

async function meshStart(clock: Clock): Promise<number> {
  const mesh = await startMesh(clock);
  await mesh.stop();
  return mesh.readyMs;
}

async function restateStart(clock: Clock): Promise<number> {
  const dir = await mkdtemp(join(tmpdir(), 'xem-bench-start-'));
  const contestant = await restate.start({ clock, dir });
  await contestant.stop();
  await rm(dir, { recursive: true, force: true });
  return contestant.readyMs;
}

/** From nothing to a mesh with an enrolled agent, against Restate with a service, or a Node that does nothing. */
export async function startTime({ clock, peers }: Stage, times: number): Promise<readonly Row[]> {
  const withRestate = peers.some(({ name }) => name === restate.name);
  const [ours, theirs] = [new Array<number>(), new Array<number>()];
  for (let round = 0; round < times; round += 1) {
    if (withRestate) theirs.push(await restateStart(clock));
    ours.push(await meshStart(clock));
  }
  const [bareMs = Number.NaN] = await programTimes(clock, times, [{ args: ['-e', '0'] }]);
  const against = (peer: string, peerMs: number, goal: string | null): Row => ({
    id: `start-${peer}`,
    says: `first start of router, MCP server and agent until it has enrolled, against ${peer}`,
    ratio: median(ours) / peerMs,
    goal,
    figures: `${figure(median(ours))} ms; ${figure(peerMs)} ms`,
  });
  return [
    against('node -e 0', bareMs, null),
    ...(withRestate ? [against('restate until its service is registered', median(theirs), '≤ 0.6')] : []),
  ];
}
