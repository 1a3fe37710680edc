import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { virtualClock } from '@xem/runtime/testing';
import { expect, onTestFinished, test } from 'vitest';
import { digest, noise } from '../../contract/output.ts';
import { makeProject, makeWorkspace } from '../../testing/record/access.ts';
import { makeEntry, makeExecution, makeInvocation } from '../../testing/record/invocation.ts';
import { setScene, systemMaking } from '../../testing/scene.ts';
import { openMigrated } from '../migrate.ts';
import { openReader } from '../session.ts';
import { readTables } from '../tables.ts';
import { GroupCommit } from '../transact.ts';
import { openOutputs } from './outputs.ts';

const making = systemMaking();
const ignore = (): void => undefined;

/** Outputs over a database whose commits can be made to fail, with an execution that may write. */
async function stage() {
  const dataDir = await mkdtemp(join(tmpdir(), 'xem-seal-'));
  const file = join(dataDir, 'xem.db');
  const writer = openMigrated(file);
  const reader = openReader(file);
  onTestFinished(async () => {
    reader.database.close();
    writer.database.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const commits = new GroupCommit({
    session: writer,
    clock: virtualClock(),
    committed: ignore,
    onFatal: ignore,
  });
  const { transact } = commits;
  const outputs = openOutputs({ dataDir, writer, reader, transact, onFatal: ignore });
  const read = readTables(reader);
  const { workspace, agent } = await setScene({ transact }, making);
  const call = makeInvocation(making, workspace);
  const execution = makeExecution(making, call, { agentId: agent.id });
  await transact(async (tx) => {
    await tx.invocations.insert(call);
    await tx.executions.insert(execution);
  });
  const spoil = () =>
    transact(async (tx) => {
      writer.database.pragma('defer_foreign_keys = ON');
      await tx.workspaces.insert(makeWorkspace(making, { projectId: makeProject(making).id }));
    });
  const { projectId, id: executionId } = execution;
  const append = (offset: number, bytes: Uint8Array) =>
    outputs.append({ projectId, executionId, stream: 'stdout', offset, bytes });
  const settle = async (): Promise<number> => {
    const sealed = await outputs.seal(projectId, executionId);
    await transact(async (tx) => {
      await tx.outputs.confirm(executionId, sealed);
      await tx.journal.append([makeEntry(making, projectId)]);
    });
    return sealed.stdout.bytes;
  };
  return { outputs, read, execution, append, settle, spoil };
}

test('seal, its pieces and who relies on it fail together when their commit fails, and can be repeated', async () => {
  const { outputs, read, execution, append, settle, spoil } = await stage();
  const bytes = noise(100);
  const outcomes = await Promise.allSettled([append(0, bytes), settle(), spoil()]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'unavailable' } });
  expect(await outputs.stored(execution.id)).toEqual({ stdout: 0, stderr: 0 });
  expect((await read.journal.head(execution.projectId)).seq).toBe(0);
  expect(await Promise.all([append(0, bytes), settle()])).toEqual([100, 100]);
  const sealed = await outputs.seal(execution.projectId, execution.id);
  expect(sealed.stdout).toEqual(digest(bytes));
});

test('seal forgets what a failed commit took back of a stream that has a beginning', async () => {
  const { outputs, execution, append, settle, spoil } = await stage();
  const bytes = noise(100);
  await append(0, bytes.subarray(0, 40));
  await Promise.allSettled([append(40, bytes.subarray(40)), settle(), spoil()]);
  expect(await outputs.stored(execution.id)).toEqual({ stdout: 40, stderr: 0 });
  expect(await Promise.all([append(40, bytes.subarray(40)), settle()])).toEqual([100, 100]);
  const sealed = await outputs.seal(execution.projectId, execution.id);
  expect(sealed.stdout).toEqual(digest(bytes));
});
