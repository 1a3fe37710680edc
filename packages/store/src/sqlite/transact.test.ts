import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@xem/runtime';
import { virtualClock } from '@xem/runtime/testing';
import { expect, onTestFinished, test } from 'vitest';
import { makeEntry } from '../testing/record/invocation.ts';
import { makeProject, makeWorkspace } from '../testing/record/access.ts';
import { systemMaking } from '../testing/scene.ts';
import { openMigrated } from './migrate.ts';
import { GroupCommit } from './transact.ts';

const making = systemMaking();

/** A group commit over a database of its own, with a project in it. Its clock stands still, so no group closes early. */
async function stage(clock: Clock = virtualClock()) {
  const folder = await mkdtemp(join(tmpdir(), 'xem-transact-'));
  const session = openMigrated(join(folder, 'xem.db'));
  onTestFinished(async () => {
    session.database.close();
    await rm(folder, { recursive: true, force: true });
  });
  const heard: number[] = [];
  const groups: number[] = [];
  const fatal: unknown[] = [];
  const commits = new GroupCommit({
    session,
    clock,
    committed: (entries) => {
      groups.push(entries.length);
      heard.push(...entries.map(({ seq }) => seq));
    },
    onFatal: (err) => void fatal.push(err),
  });
  const project = makeProject(making);
  await commits.transact((tx) => tx.access.insertProject(project));
  groups.length = 0;
  return { session, commits, project, heard, groups, fatal };
}

test('transact answers unavailable to all of a group whose commit fails, and goes on', async () => {
  const { session, commits, project, heard, fatal } = await stage();
  const orphan = makeWorkspace(making, { projectId: makeProject(making).id });
  const append = () => commits.transact((tx) => tx.journal.append([makeEntry(making, project.id)]));
  const spoil = () =>
    commits.transact(async (tx) => {
      session.database.pragma('defer_foreign_keys = ON');
      await tx.workspaces.insert(orphan);
    });
  const refuse = () => commits.transact(() => Promise.reject(new RangeError('of its own')));
  const outcomes = await Promise.allSettled([append(), spoil(), refuse(), append()]);
  for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'unavailable' } });
  expect([heard, fatal]).toEqual([[], []]);
  await append();
  expect(heard).toEqual([1]);
});

test('transact answers unavailable to all of a group whose transaction is lost, and goes on', async () => {
  const { session, commits, project, heard } = await stage();
  const append = () => commits.transact((tx) => tx.journal.append([makeEntry(making, project.id)]));
  const lose = () => commits.transact(async () => void session.database.exec('ROLLBACK'));
  const outcomes = await Promise.allSettled([append(), lose(), append()]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(outcomes[0]).toMatchObject({ reason: { code: 'unavailable' } });
  expect(heard).toEqual([1]);
});

test('transact answers unavailable when the disk is full, and goes on when there is room', async () => {
  const { session, commits, project, heard } = await stage();
  const pages = session.database.pragma('page_count', { simple: true });
  session.database.pragma(`max_page_count = ${String(pages)}`);
  const fill = () =>
    commits.transact(async (tx) => {
      const data = { text: 'x'.repeat(8000) };
      for (let nth = 0; nth < 100; nth += 1)
        await tx.journal.append([makeEntry(making, project.id, { data })]);
    });
  await expect(fill()).rejects.toMatchObject({ code: 'unavailable' });
  expect(heard).toEqual([]);
  session.database.pragma('max_page_count = 100000');
  await fill();
  expect(heard).toHaveLength(100);
});

test('transact commits up to 256 bodies that wait at one time together', async () => {
  const { commits, project, groups } = await stage();
  const append = () => commits.transact((tx) => tx.journal.append([makeEntry(making, project.id)]));
  await Promise.all(Array.from({ length: 300 }, append));
  expect(groups).toEqual([256, 44]);
});

test('transact commits a group that has taken two milliseconds, however many wait', async () => {
  let ms = 0;
  const { commits, project, groups } = await stage({ ...virtualClock(), monotonic: () => (ms += 1) });
  const append = () => commits.transact((tx) => tx.journal.append([makeEntry(making, project.id)]));
  await Promise.all(Array.from({ length: 5 }, append));
  expect(groups).toEqual([2, 2, 1]);
});
