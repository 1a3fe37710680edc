import { expect } from 'vitest';
import { makeProject, makeWorkspace } from '../testing/record/access.ts';
import { makeEntry } from '../testing/record/invocation.ts';
import type { WriteTx } from '../store.ts';
import { stageFor, storeFor, type Contract } from './subject.ts';

const messageOf = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

function throwAtOnce(): Promise<never> {
  throw new RangeError('at once');
}

/** What any store does with transactions. */
export const transactContract: Contract = {
  'transact answers what its body answers, when everybody can read what it wrote': async (open) => {
    const { store, making } = await stageFor(open);
    const project = makeProject(making);
    const answer = await store.transact(async (tx) => {
      await tx.access.insertProject(project);
      return 'written';
    });
    expect(answer).toBe('written');
    expect(await store.read.access.project(project.id)).toEqual(project);
  },

  'transact undoes a body that throws, and none of those that share its commit': async (open) => {
    const { store, making, project } = await stageFor(open);
    const rows = Array.from({ length: 100 }, () => makeWorkspace(making, { projectId: project.id }));
    const outcomes = await Promise.allSettled(
      rows.map((row, nth) =>
        store.transact(async (tx) => {
          await tx.workspaces.insert(row);
          if (nth % 7 === 3) throw new RangeError(`body ${nth}`);
          return nth;
        }),
      ),
    );
    for (const [nth, row] of rows.entries()) {
      const fails = nth % 7 === 3;
      const outcome = outcomes[nth];
      expect(outcome?.status).toBe(fails ? 'rejected' : 'fulfilled');
      if (outcome?.status === 'rejected') expect(messageOf(outcome.reason)).toBe(`body ${nth}`);
      expect(await store.read.workspaces.get(project.id, row.id)).toEqual(fails ? null : row);
    }
  },

  'transact undoes a statement that fails although its body goes on': async (open) => {
    const { store, making, project, workspace } = await stageFor(open);
    const row = makeWorkspace(making, { projectId: project.id });
    await store.transact(async (tx) => {
      await expect(tx.workspaces.insert(workspace)).rejects.toThrow(Error);
      await tx.workspaces.insert(row);
    });
    expect(await store.read.workspaces.get(project.id, row.id)).toEqual(row);
  },

  'transact shows a body what the one before it in the group wrote': async (open) => {
    const { store, making } = await stageFor(open);
    const project = makeProject(making);
    const [, seen] = await Promise.all([
      store.transact((tx) => tx.access.insertProject(project)),
      store.transact((tx) => tx.access.project(project.id)),
    ]);
    expect(seen).toEqual(project);
  },

  'transact fails a body that awaits something foreign, and it alone': async (open) => {
    const { store, making } = await stageFor(open);
    const [before, stuck, after] = [makeProject(making), makeProject(making), makeProject(making)];
    const foreign = Promise.withResolvers<void>();
    const late = Promise.withResolvers<string>();
    const wait = async (tx: WriteTx): Promise<void> => {
      await tx.access.insertProject(stuck);
      await foreign.promise;
      late.resolve(await tx.access.insertProject(stuck).then(() => 'written', messageOf));
    };
    const waitAndTell = (tx: WriteTx): Promise<void> =>
      wait(tx).catch((err: unknown) => late.resolve(messageOf(err)));
    const outcomes = await Promise.allSettled([
      store.transact((tx) => tx.access.insertProject(before)),
      store.transact(waitAndTell),
      store.transact((tx) => tx.access.insertProject(after)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { message: expect.stringContaining('awaited') } });
    foreign.resolve();
    expect(await late.promise).toMatch(/after its end/);
    expect(await store.read.access.project(stuck.id)).toBeNull();
    expect(await store.read.access.project(after.id)).toEqual(after);
  },

  'transact fails a body that asks for a transaction of its own': async (open) => {
    const { store } = await stageFor(open);
    await expect(store.transact(() => store.transact(async () => 1))).rejects.toThrow(/awaited/);
  },

  'transact refuses a tx that outlives its body': async (open) => {
    const { store, project } = await stageFor(open);
    const kept = await store.transact(async (tx) => [tx]);
    expect(() => kept[0]?.access.project(project.id)).toThrow(/after its end/);
  },

  'transact takes a body that throws before it gives a promise': async (open) => {
    const { store } = await stageFor(open);
    await expect(store.transact(throwAtOnce)).rejects.toThrow('at once');
    expect(await store.transact(async () => 'next')).toBe('next');
  },

  'transact runs more bodies than one group holds': async (open) => {
    const { store, making, project } = await stageFor(open);
    const many = Array.from({ length: 1000 }, () =>
      store.transact((tx) => tx.journal.append([makeEntry(making, project.id)])),
    );
    await Promise.all(many);
    expect((await store.read.journal.head(project.id)).seq).toBe(1000);
  },

  'transact answers unavailable once the store is closed': async (open) => {
    const store = await storeFor(open);
    const last = store.transact(async () => 'in time');
    await store.close();
    expect(await last).toBe('in time');
    await expect(store.transact(async () => 'late')).rejects.toMatchObject({ code: 'unavailable' });
  },
};
