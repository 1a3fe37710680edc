import { expect } from 'vitest';
import type { EntryDraft } from '../journal.ts';
import type { UsageFilter } from '../record/credit.ts';
import { makeProject, makeWorkspace } from '../testing/record/access.ts';
import { makeEntry, makeInvocation } from '../testing/record/invocation.ts';
import { stageFor, type Contract } from './subject.ts';

const NOTHING = {
  calls: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
  rejected: 0,
  timeout: 0,
  runMs: 0,
  outputBytes: 0,
  credit: 0,
};

const DAYS = { from: '2026-01-01', to: '2026-01-03' };

/** A project with two workspaces and a journal of seven entries, six of them ends of calls. */
async function stageOfEnds(open: Parameters<typeof stageFor>[0]) {
  const stage = await stageFor(open);
  const { store, making, project, workspace } = stage;
  const other = makeWorkspace(making, { projectId: project.id });
  const old = makeInvocation(making, other, { tool: 'a' });
  const entry = (
    day: string,
    end: 'completed' | 'failed' | 'timeout' | 'cancelled' | 'rejected',
    some: object,
  ) =>
    makeEntry(making, project.id, {
      type: `invocation.${end}`,
      at: `2026-01-0${day}T23:59:59.999Z`,
      refs: { workspace_id: workspace.id },
      data: { tool: 'a', ...some },
    });
  const drafts: readonly EntryDraft[] = [
    entry('1', 'completed', { duration_ms: 5, output_bytes: 7, credit: 3 }),
    makeEntry(making, project.id, { type: 'invocation.started' }),
    entry('1', 'failed', { duration_ms: 10 }),
    entry('1', 'timeout', {}),
    entry('3', 'cancelled', { tool: 'b' }),
    { ...entry('3', 'rejected', {}), refs: { workspace_id: other.id, invocation_id: old.id }, data: {} },
    entry('4', 'completed', {}),
  ];
  await store.transact(async (tx) => {
    await tx.workspaces.insert(other);
    await tx.invocations.insert(old);
    await tx.journal.append(drafts);
  });
  const sums = (filter: Pick<UsageFilter, 'by'> & Partial<UsageFilter>) =>
    store.read.usage.sums(project.id, { ...DAYS, ...filter });
  return { ...stage, other, sums };
}

/** What any store does with sums of usage, and with how far readers of the journal have come. */
export const usageContract: Contract = {
  'usage.rollUp adds what the ends of calls tell, part by part': async (open) => {
    const { store, project, workspace, other, making, sums } = await stageOfEnds(open);
    const rollUp = (after: number, upTo: number) =>
      store.transact((tx) => tx.usage.rollUp(project.id, { after, upTo }));
    await rollUp(0, 2);
    expect(await sums({ by: 'all' })).toMatchObject([{ calls: 1, completed: 1 }]);
    await rollUp(2, 7);
    const first = { calls: 3, completed: 1, failed: 1, timeout: 1, runMs: 15, outputBytes: 7, credit: 3 };
    expect(await sums({ by: 'day' })).toEqual([
      { ...NOTHING, ...first, key: '2026-01-01' },
      { ...NOTHING, key: '2026-01-03', calls: 2, cancelled: 1, rejected: 1 },
    ]);
    expect(await sums({ by: 'tool' })).toMatchObject([
      { key: 'a', calls: 4 },
      { key: 'b', calls: 1 },
    ]);
    expect(await sums({ by: 'workspace', tool: 'a' })).toMatchObject([
      { key: workspace.id, calls: 3 },
      { key: other.id, calls: 1 },
    ]);
    const alone = await sums({ by: 'all', workspaceId: other.id });
    expect(alone).toMatchObject([{ key: '', calls: 1, rejected: 1 }]);
    expect(await store.read.usage.sums(makeProject(making).id, { by: 'day', ...DAYS })).toEqual([]);
  },

  'usage.sums over nothing are zero': async (open) => {
    const { sums } = await stageOfEnds(open);
    expect(await sums({ by: 'all' })).toEqual([{ key: '', ...NOTHING }]);
  },

  'cursors are kept by reader and project': async (open) => {
    const { store, project } = await stageFor(open);
    await store.transact((tx) => tx.cursors.set('usage', project.id, 3));
    await store.transact((tx) => tx.cursors.set('usage', project.id, 8));
    expect(await store.read.cursors.get('usage', project.id)).toBe(8);
    expect(await store.read.cursors.get('webhooks', project.id)).toBe(0);
  },
};
