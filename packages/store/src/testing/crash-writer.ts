import { silentLog, systemClock } from '@xem/runtime';
import { openSqliteStore } from '../sqlite/open.ts';
import type { Store } from '../store.ts';
import { makeExecution, makeEntry, makeInvocation } from './record/invocation.ts';
import { setScene, systemMaking, type Scene } from './scene.ts';

/**
 * A process that writes as fast as it can into the folder it is given and tells its parent what was acknowledged,
 * until it is killed or the disk fails. Only for tests.
 */
const CALLERS = 16;
/** Most outputs are rows, some are files. */
const PIECES = [...Array.from({ length: 7 }, () => 20_000), 300_000].map((length) =>
  new Uint8Array(length).fill(7),
);

const making = systemMaking();

const tell = (message: unknown): void => void process.send?.(message);

async function writeCall(store: Store, scene: Scene, bytes: Uint8Array): Promise<void> {
  const { workspace, agent, project } = scene;
  const call = makeInvocation(making, workspace);
  const execution = makeExecution(making, call, { agentId: agent.id });
  const refs = { invocation_id: call.id };
  await store.transact(async (tx) => {
    await tx.invocations.insert(call);
    await tx.executions.insert(execution);
    await tx.journal.append([makeEntry(making, project.id, { type: 'invocation.created', refs })]);
  });
  const place = { projectId: project.id, executionId: execution.id, stream: 'stdout' as const };
  const stored = await store.outputs.append({ ...place, offset: 0, bytes });
  tell({ kind: 'acknowledged', projectId: project.id, id: call.id, executionId: execution.id, stored });
}

async function writeOn(store: Store, scene: Scene): Promise<void> {
  for (;;) {
    for (const bytes of PIECES) await writeCall(store, scene, bytes);
  }
}

const [dataDir = ''] = process.argv.slice(2);
const onFatal = (): void => tell({ kind: 'fatal' });
const store = await openSqliteStore({ dataDir, clock: systemClock(), log: silentLog, onFatal });
const scene = await setScene(store, making);
const outcomes = await Promise.allSettled(Array.from({ length: CALLERS }, () => writeOn(store, scene)));
const reasons = outcomes.map((outcome) =>
  outcome.status === 'rejected' ? String(outcome.reason?.code) : '',
);
const after = await store.transact(async () => 'taken').catch((err: unknown) => String(err));
tell({ kind: 'ended', reasons, after });
process.disconnect();
