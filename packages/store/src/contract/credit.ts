import { expect } from 'vitest';
import type { InvocationRecord } from '../record/invocation.ts';
import { makeProject } from '../testing/record/access.ts';
import { makeInvocation } from '../testing/record/invocation.ts';
import { stageFor, type Contract } from './subject.ts';

type Stage = Awaited<ReturnType<typeof stageFor>>;

/** A call for which credits are kept back, of a project that was granted 100. */
async function addReserved({ store, making, project, workspace }: Stage, kept: number) {
  const row = makeInvocation(making, workspace, { creditReserved: kept });
  await store.transact(async (tx) => {
    await tx.credit.grant(project.id, 100);
    expect(await tx.credit.reserve(project.id, kept)).toBe(true);
    await tx.invocations.insert(row);
  });
  return row;
}

const ended = (row: InvocationRecord): InvocationRecord => ({
  ...row,
  status: 'completed',
  endedAt: 9,
  deadlineAt: null,
});

/** What any store does with credit. */
export const creditContract: Contract = {
  'credit.grant opens an account and adds to it': async (open) => {
    const { store, project, making } = await stageFor(open);
    expect(await store.read.credit.get(project.id)).toBeNull();
    await store.transact((tx) => tx.credit.grant(project.id, 5));
    await store.transact((tx) => tx.credit.grant(project.id, 7));
    const account = { projectId: project.id, granted: 12, reserved: 0, settled: 0 };
    expect(await store.read.credit.get(project.id)).toEqual(account);
    expect(await store.read.credit.get(makeProject(making).id)).toBeNull();
  },

  'credit.reserve keeps back no more than is left, whoever asks at the same time': async (open) => {
    const { store, project } = await stageFor(open);
    await store.transact((tx) => tx.credit.grant(project.id, 50));
    const asked = Array.from({ length: 200 }, () => store.transact((tx) => tx.credit.reserve(project.id, 3)));
    const taken = (await Promise.all(asked)).filter(Boolean);
    expect(taken).toHaveLength(16);
    expect(await store.read.credit.get(project.id)).toMatchObject({ granted: 50, reserved: 48, settled: 0 });
  },

  'credit.reserve finds nothing where there is no account': async (open) => {
    const { store, project } = await stageFor(open);
    expect(await store.transact((tx) => tx.credit.reserve(project.id, 1))).toBe(false);
  },

  'invocations.end gives back what was kept for a call, less its price': async (open) => {
    const stage = await stageFor(open);
    const row = await addReserved(stage, 30);
    const saved = await stage.store.transact((tx) => tx.invocations.end(ended(row), 12));
    expect(saved).toEqual({ ...ended(row), version: 2 });
    const { credit, invocations } = stage.store.read;
    expect(await invocations.get(row.projectId, row.id)).toEqual(saved);
    expect(await credit.get(row.projectId)).toMatchObject({ granted: 100, reserved: 0, settled: 12 });
  },

  'invocations.end settles once, and not at all when it does not save': async (open) => {
    const stage = await stageFor(open);
    const row = await addReserved(stage, 30);
    const settle = (price: number) =>
      stage.store
        .transact((tx) => tx.invocations.end(ended(row), price))
        .then(
          () => 'ended',
          () => 'refused',
        );
    expect(await Promise.all([settle(31), settle(-1), settle(5), settle(6)])).toEqual([
      'refused',
      'refused',
      'ended',
      'refused',
    ]);
    const account = await stage.store.read.credit.get(row.projectId);
    expect(account).toMatchObject({ reserved: 0, settled: 5 });
  },

  'invocations tells a save from an end, so that no call ends with its credit kept back': async (open) => {
    const stage = await stageFor(open);
    const row = await addReserved(stage, 30);
    const { store } = stage;
    await expect(store.transact((tx) => tx.invocations.save(ended(row)))).rejects.toThrow(/has ended/);
    await expect(store.transact((tx) => tx.invocations.end(row, 0))).rejects.toThrow(/has not ended/);
    expect(await store.read.credit.get(row.projectId)).toMatchObject({ reserved: 30, settled: 0 });
  },

  'invocations.end of a call that is not metered costs nothing and needs no account': async (open) => {
    const { store, making, workspace } = await stageFor(open);
    const row = makeInvocation(making, workspace);
    await store.transact((tx) => tx.invocations.insert(row));
    await expect(store.transact((tx) => tx.invocations.end(ended(row), 1))).rejects.toThrow(/costs 1/);
    await store.transact((tx) => tx.invocations.end(ended(row), 0));
    expect(await store.read.credit.get(row.projectId)).toBeNull();
  },
};
