import { expect } from 'vitest';
import type { UsageFilter, UsageRecord } from '../record/credit.ts';
import { makeProject, makeWorkspace } from '../testing/record/access.ts';
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

/** What any store does with sums of usage, and with how far readers of the journal have come. */
export const usageContract: Contract = {
  'usage.add adds to the row of a day, a workspace and a tool': async (open) => {
    const { store, project, workspace, making } = await stageFor(open);
    const other = makeWorkspace(making, { projectId: project.id });
    const used = (day: string, tool: string, some: Partial<UsageRecord> = {}): UsageRecord => ({
      projectId: project.id,
      workspaceId: workspace.id,
      ...NOTHING,
      ...some,
      day,
      tool,
    });
    await store.transact(async (tx) => {
      await tx.usage.add(
        used('2026-01-01', 'a', { calls: 1, completed: 1, runMs: 5, outputBytes: 7, credit: 3 }),
      );
      await tx.usage.add(used('2026-01-01', 'a', { calls: 2, failed: 1, timeout: 1, runMs: 10 }));
      await tx.usage.add(used('2026-01-03', 'b', { calls: 1, cancelled: 1 }));
      await tx.usage.add(used('2026-01-03', 'a', { calls: 1, rejected: 1, workspaceId: other.id }));
      await tx.usage.add(used('2026-01-04', 'a', { calls: 9 }));
    });
    const sums = (filter: Pick<UsageFilter, 'by'> & Partial<UsageFilter>) =>
      store.read.usage.sums(project.id, { ...DAYS, ...filter });
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
    expect(await sums({ by: 'all', workspaceId: other.id })).toMatchObject([
      { key: '', calls: 1, rejected: 1 },
    ]);
    expect(await store.read.usage.sums(makeProject(making).id, { by: 'day', ...DAYS })).toEqual([]);
  },

  'usage.sums over nothing are zero': async (open) => {
    const { store, project } = await stageFor(open);
    expect(await store.read.usage.sums(project.id, { by: 'all', ...DAYS })).toEqual([
      { key: '', ...NOTHING },
    ]);
  },

  'cursors are kept by reader and project': async (open) => {
    const { store, project } = await stageFor(open);
    await store.transact((tx) => tx.cursors.set('usage', project.id, 3));
    await store.transact((tx) => tx.cursors.set('usage', project.id, 8));
    expect(await store.read.cursors.get('usage', project.id)).toBe(8);
    expect(await store.read.cursors.get('webhooks', project.id)).toBe(0);
  },
};
