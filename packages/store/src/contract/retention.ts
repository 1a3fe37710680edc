import { existsSync } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExpiryPlace } from '../output.ts';
import type { InvocationRecord } from '../record/invocation.ts';
import { chainAfter, followChain } from '../chain.ts';
import type { TestStore } from '../testing/test-store.ts';
import { makeEntry, makeExecution, makeInvocation } from '../testing/record/invocation.ts';
import type { Making } from '../testing/record/access.ts';
import type { WorkspaceRecord } from '../record/access.ts';
import type { AgentRecord } from '../record/agent.ts';
import { expect } from 'vitest';
import { idsOf, stageFor, type Contract } from './subject.ts';

const LARGE_BYTES = 300 * 1024;

interface Stage {
  readonly store: TestStore;
  readonly making: Making;
  readonly workspace: WorkspaceRecord;
  readonly agent: AgentRecord;
}

/** An execution whose output expires at a time, with as many bytes of output. */
async function withOutput(
  { store, making, workspace, agent }: Stage,
  expiresAt: number | null,
  bytes: number,
) {
  const call = makeInvocation(making, workspace);
  const execution = makeExecution(making, call, { agentId: agent.id, outputExpiresAt: expiresAt });
  await store.transact(async (tx) => {
    await tx.invocations.insert(call);
    await tx.executions.insert(execution);
  });
  const place = { projectId: workspace.projectId, executionId: execution.id, stream: 'stdout' as const };
  if (bytes > 0) await store.outputs.append({ ...place, offset: 0, bytes: new Uint8Array(bytes).fill(1) });
  await store.outputs.seal(workspace.projectId, execution.id);
  return { id: execution.id, projectId: workspace.projectId };
}

const expiredIds = async ({ store }: Stage, now: number): Promise<readonly string[]> => {
  const { outputs } = await store.outputs.expired(now, { after: null, limit: 99 });
  return outputs.map(({ executionId }) => executionId);
};

const filesOf = async ({ dataDir }: TestStore, projectId: string): Promise<readonly string[]> => {
  const folder = join(dataDir, 'outputs', projectId);
  return existsSync(folder) ? readdir(folder) : [];
};

const bytesOf = async ({ store }: Stage, { id, projectId }: Awaited<ReturnType<typeof withOutput>>) => {
  let bytes = 0;
  const range = { projectId, executionId: id, stream: 'stdout' as const, from: 0, to: LARGE_BYTES };
  for await (const piece of store.outputs.read(range)) bytes += piece.length;
  return bytes;
};

/** What any store does when the time of what it keeps is over. */
export const retentionContract: Contract = {
  'outputs.expired answers what is stored and over, the earliest first': async (open) => {
    const stage = await stageFor(open);
    const late = await withOutput(stage, 30, 5);
    const early = await withOutput(stage, 10, 5);
    await withOutput(stage, 20, 0);
    await withOutput(stage, null, 5);
    await withOutput(stage, 40, 5);
    expect(await expiredIds(stage, 30)).toEqual([early.id, late.id]);
    expect(await expiredIds(stage, 9)).toEqual([]);
  },

  'outputs.expired looks at a few at a time, and says where to go on': async (open) => {
    const stage = await stageFor(open);
    const made = [];
    for (let nth = 0; nth < 5; nth++) made.push(await withOutput(stage, 10, 3));
    const seen: string[] = [];
    let [after, more]: [ExpiryPlace | null, boolean] = [null, true];
    while (more) {
      const found = await stage.store.outputs.expired(10, { after, limit: 2 });
      seen.push(...found.outputs.map(({ executionId }) => executionId));
      ({ place: after, more } = found);
    }
    expect(seen).toEqual(idsOf(made));
    expect(await stage.store.outputs.expired(10, { after, limit: 2 })).toEqual({
      outputs: [],
      place: after,
      more: false,
    });
  },

  'outputs.remove takes rows and file of an output, and of no other': async (open) => {
    const stage = await stageFor(open);
    const gone = await withOutput(stage, 10, LARGE_BYTES);
    const kept = await withOutput(stage, 20, LARGE_BYTES);
    await stage.store.outputs.remove(gone.projectId, gone.id);
    expect(await filesOf(stage.store, gone.projectId)).toEqual([`${kept.id}.stdout`]);
    expect(await bytesOf(stage, gone)).toBe(0);
    expect(await bytesOf(stage, kept)).toBe(LARGE_BYTES);
    expect(await expiredIds(stage, 99)).toEqual([kept.id]);
    await stage.store.outputs.remove(gone.projectId, gone.id);
  },

  'outputs.remove ends what a crash left half removed': async (open) => {
    const stage = await stageFor(open);
    const half = await withOutput(stage, 10, LARGE_BYTES);
    await unlink(join(stage.store.dataDir, 'outputs', half.projectId, `${half.id}.stdout`));
    const again = await stage.store.reopen();
    expect(await expiredIds({ ...stage, store: again }, 10)).toEqual([half.id]);
    await again.outputs.remove(half.projectId, half.id);
    expect(await expiredIds({ ...stage, store: again }, 10)).toEqual([]);
    await again.close();
  },

  'journal.cut takes the beginning of one chain, and the rest still follows': async (open) => {
    const { store, making, project } = await stageFor(open);
    const drafts = Array.from({ length: 9 }, () => makeEntry(making, project.id));
    await store.transact((tx) => tx.journal.append(drafts));
    const [last] = await store.read.journal.after(project.id, 3, 1);
    const { seq = 0, hash = '' } = last ?? {};
    const checkpoint = { projectId: project.id, seq, hash, at: 5, signature: 'signed' };
    expect(await store.read.journal.checkpoint(project.id)).toBeNull();
    expect(await store.transact((tx) => tx.journal.cut(checkpoint))).toBe(4);
    expect(await store.read.journal.checkpoint(project.id)).toEqual(checkpoint);
    const left = await store.read.journal.after(project.id, 0, 99);
    expect(followChain(chainAfter(project.id, { seq, hash }), left)).toMatchObject({
      firstBadSeq: null,
      entries: 5,
    });
    await store.transact((tx) => tx.journal.append([makeEntry(making, project.id)]));
    expect((await store.read.journal.head(project.id)).seq).toBe(10);
  },

  'journal.slowestReader answers how far the last of the readers has come': async (open) => {
    const { store, project } = await stageFor(open);
    const { journal } = store.read;
    expect(await journal.slowestReader(project.id)).toBeNull();
    await store.transact(async (tx) => {
      await tx.cursors.set('one', project.id, 7);
      await tx.cursors.set('two', project.id, 4);
    });
    expect(await journal.slowestReader(project.id)).toBe(4);
  },

  'invocations.oldest answers when the oldest call of a state was asked for': async (open) => {
    const { store, making, project, workspace } = await stageFor(open);
    const calls: readonly Partial<InvocationRecord>[] = [
      { createdAt: 9, status: 'queued' },
      { createdAt: 7, status: 'queued' },
      { createdAt: 5, status: 'running' },
    ];
    await store.transact(async (tx) => {
      for (const call of calls) await tx.invocations.insert(makeInvocation(making, workspace, call));
    });
    expect(await store.read.invocations.oldest(project.id, 'queued')).toBe(7);
    expect(await store.read.invocations.oldest(project.id, 'pending_approval')).toBeNull();
  },
};
