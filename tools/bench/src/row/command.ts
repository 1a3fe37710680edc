import { contest } from '../contest/contest.ts';
import type { Plan } from '../contest/plan.ts';
import type { Stage } from '../contest/stage.ts';
import { standingOf } from '../contest/standing.ts';
import { governedCall } from '../contestant/governed-call.ts';
import { figure } from '../report/number.ts';
import type { Row } from './row.ts';

const PROGRAM = '/bin/true';
const [SPAWN, TOOL] = ['spawn', 'bench_true'];

/** A `command` tool that starts one program against the same program started with pipes and nothing around it. */
export async function commandRate({ load, mesh }: Stage, plan: Plan): Promise<readonly Row[]> {
  await load.open(SPAWN, { kind: 'spawn', command: PROGRAM });
  await load.open(TOOL, governedCall(mesh, TOOL));
  const { matches } = await contest({
    load,
    plan,
    ours: TOOL,
    peers: [SPAWN],
    processorMs: () => Number.NaN,
    onRound: () => undefined,
  });
  return matches.map(standingOf).map(({ clients, throughput, ours, theirs }) => ({
    id: `command-${clients}`,
    says: `command tool ${PROGRAM} against starting it with pipes, ${clients} at once`,
    ratio: throughput.median,
    goal: '≥ 0.4',
    figures: `${figure(ours.callsPerSecond)}/s, p50 ${figure(ours.p50Ms)} ms; ${figure(theirs.callsPerSecond)}/s, p50 ${figure(theirs.p50Ms)} ms`,
  }));
}
