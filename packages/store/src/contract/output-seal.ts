import type { JournalEntry } from '@xem/protocol';
import { expect } from 'vitest';
import { makeExecution, makeEntry, makeInvocation } from '../testing/record/invocation.ts';
import type { Store } from '../store.ts';
import { digest, expectSame, noise, pipeTo, stageOfPipe } from './output.ts';
import type { Contract } from './subject.ts';

type Stage = Awaited<ReturnType<typeof stageOfPipe>>;

/** Seals an execution and, at once, asks for a transaction that relies on the answer, as the end of a run does. */
async function settle({ execution, making }: Stage, store: Store): Promise<void> {
  const { projectId, id } = execution;
  const sealed = await store.outputs.seal(projectId, id);
  await store.transact(async (tx) => {
    await tx.outputs.confirm(id, sealed);
    await tx.journal.append([makeEntry(making, projectId)]);
  });
}

/** What `outputs.seal` promises to a transaction that relies on it. */
export const outputSealContract: Contract = {
  'outputs.seal lets a transaction share the commit of small pieces that came before it': async (open) => {
    const stage = await stageOfPipe(open);
    const { store, making, execution, append, read } = stage;
    const groups: (readonly JournalEntry[])[] = [];
    store.onCommit((entries) => void groups.push(entries));
    const before = store.transact((tx) => tx.journal.append([makeEntry(making, execution.projectId)]));
    const appended = append(0, noise(10));
    await settle(stage, store);
    expect(await Promise.all([before, appended])).toEqual([undefined, 10]);
    expect(groups.map(({ length }) => length)).toEqual([2]);
    expectSame(await read(), noise(10));
  },

  'outputs.seal answers for pieces on their way what it answers once they are stored': async (open) => {
    const { store, append, execution, seal } = await stageOfPipe(open);
    const appended = append(0, noise(1000));
    expect(await seal()).toEqual(digest(noise(1000)));
    expect(await store.outputs.stored(execution.id)).toEqual({ stdout: 0, stderr: 0 });
    await appended;
    expect(await seal()).toEqual(digest(noise(1000)));
    const second = await store.reopen();
    expect(await seal(second)).toEqual(digest(noise(1000)));
    await second.close();
  },

  'outputs.seal counts what a store before a restart took, and what is on its way': async (open) => {
    const stage = await stageOfPipe(open);
    const { store, append, execution, seal } = stage;
    await append(0, noise(1000).subarray(0, 600));
    const second = await store.reopen();
    const appended = pipeTo(second, execution).append(600, noise(1000).subarray(600));
    expect(await seal(second)).toEqual(digest(noise(1000)));
    await settle(stage, second);
    expect(await appended).toBe(1000);
    await second.close();
  },

  'outputs.confirm refuses what was sealed on its way and could not be stored': async (open) => {
    const stage = await stageOfPipe(open);
    const { store, making, workspace, agent, execution } = stage;
    const absent = makeExecution(making, makeInvocation(making, workspace), { agentId: agent.id });
    const lost = pipeTo(store, absent).append(0, noise(10));
    const settled = settle({ ...stage, execution: absent }, store);
    const [first, second] = await Promise.allSettled([lost, settled]);
    expect(first).toMatchObject({ status: 'rejected' });
    expect(second).toMatchObject({ reason: { code: 'unavailable' } });
    expect((await store.read.journal.head(execution.projectId)).seq).toBe(0);
  },

  'outputs.confirm refuses more than is stored, and takes what is in a file': async (open) => {
    const { store, append, execution } = await stageOfPipe(open);
    const { projectId, id } = execution;
    await append(0, noise(10));
    await append(0, noise(300 * 1024), 'stderr');
    const sealed = await store.outputs.seal(projectId, id);
    await store.transact((tx) => tx.outputs.confirm(id, sealed));
    const more = { ...sealed, stdout: digest(noise(11)) };
    const confirmed = store.transact((tx) => tx.outputs.confirm(id, more));
    await expect(confirmed).rejects.toMatchObject({ code: 'unavailable' });
  },
};
