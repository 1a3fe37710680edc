import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@xem/runtime';
import type { Contestant, ContestantRow } from '../contestant/contestant.ts';
import { ours } from '../contestant/ours.ts';
import { startLoad, type LoadGenerator } from '../load/generator.ts';
import { startMesh, type BenchMesh } from '../mesh.ts';

/** Everything a run needs, up and known to the load generator. */
export interface Stage {
  readonly clock: Clock;
  readonly load: LoadGenerator;
  readonly mesh: BenchMesh;
  readonly us: Contestant;
  readonly peers: readonly Contestant[];
}

/** Rejects when somebody ends the run, so that what was started is stopped on the way out. */
function interruption(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => reject(new Error(`ended by ${signal}`)));
  promise.catch(() => undefined);
  return promise;
}

/** Brings us and these peers up, hands them over, and stops them whatever happens. */
export async function onStage<Result>(
  clock: Clock,
  rows: readonly ContestantRow[],
  play: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const interrupted = interruption();
  const dir = await mkdtemp(join(tmpdir(), 'xem-bench-peers-'));
  await using stack = new AsyncDisposableStack();
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  const load = startLoad();
  stack.defer(() => load.stop());
  const enter = async (contestant: Contestant): Promise<Contestant> => {
    stack.defer(() => contestant.stop());
    await load.open(contestant.name, contestant.driver);
    return contestant;
  };
  const mesh = await startMesh(clock);
  const us = await enter(ours(mesh));
  const peers: Contestant[] = [];
  for (const row of rows) {
    const place = join(dir, row.name);
    await mkdir(place);
    peers.push(await enter(await row.start({ clock, dir: place })));
  }
  // Before the peers: its connections to them are open.
  stack.defer(() => load.stop());
  return await Promise.race([play({ clock, load, mesh, us, peers }), interrupted]);
}
