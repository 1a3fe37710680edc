import { expect } from 'vitest';
import { makeProject } from '../testing/record/access.ts';
import { makeWindow } from '../testing/record/maintenance.ts';
import { idsOf, stageFor, type Contract } from './subject.ts';

/** What any store does with maintenance windows. */
export const maintenanceContract: Contract = {
  'maintenance.list filters by status, newest first': async (open) => {
    const { store, making, project } = await stageFor(open);
    const first = makeWindow(making, { projectId: project.id, createdAt: 1 });
    const second = makeWindow(making, { projectId: project.id, createdAt: 2, status: 'in_progress' });
    await store.transact(async (tx) => {
      for (const row of [first, second]) await tx.maintenance.insert(row);
    });
    const { maintenance } = store.read;
    expect(idsOf(await maintenance.list(project.id, {}, { limit: 9 }))).toEqual([second.id, first.id]);
    expect(await maintenance.list(project.id, { status: 'scheduled' }, { limit: 9 })).toEqual([first]);
    expect(idsOf(await maintenance.list(project.id, {}, { limit: 9, after: second }))).toEqual([first.id]);
    expect(await maintenance.open()).toEqual([second]);
  },

  'maintenance.get and maintenance.list show a project nothing of another': async (open) => {
    const { store, making, project } = await stageFor(open);
    const row = makeWindow(making, { projectId: project.id });
    await store.transact((tx) => tx.maintenance.insert(row));
    const other = makeProject(making);
    expect(await store.read.maintenance.get(project.id, row.id)).toEqual(row);
    expect(await store.read.maintenance.get(other.id, row.id)).toBeNull();
    expect(await store.read.maintenance.list(other.id, {}, { limit: 9 })).toEqual([]);
  },

  'maintenance.save keeps what may change, once for each version': async (open) => {
    const { store, making, project } = await stageFor(open);
    const row = makeWindow(making, { projectId: project.id });
    await store.transact((tx) => tx.maintenance.insert(row));
    const started = { ...row, status: 'in_progress' as const, startedAt: 5, title: 'Reboot', dueAt: null };
    const saved = await store.transact((tx) => tx.maintenance.save(started));
    expect(await store.read.maintenance.get(project.id, row.id)).toEqual({ ...started, version: 2 });
    expect(saved.version).toBe(2);
    await expect(store.transact((tx) => tx.maintenance.save(started))).rejects.toThrow(/version/);
  },

  'maintenance.due answers what is due, the earliest first': async (open) => {
    const { store, making, project } = await stageFor(open);
    const rows = [30, 10, 20, null, 40].map((dueAt) => makeWindow(making, { projectId: project.id, dueAt }));
    await store.transact(async (tx) => {
      for (const row of rows) await tx.maintenance.insert(row);
    });
    const due = await store.read.maintenance.due(30, 9);
    expect(due.map(({ dueAt }) => dueAt)).toEqual([10, 20, 30]);
    expect(await store.read.maintenance.due(30, 1)).toEqual([rows[1]]);
  },
};
