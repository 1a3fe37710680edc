import { expect, onTestFinished, test } from 'vitest';
import { withCrashPoints } from './crash-points.ts';
import { makeEntry } from './testing/record/invocation.ts';
import { makeProject } from './testing/record/access.ts';
import { systemMaking } from './testing/scene.ts';
import { openTestStore } from './testing/test-store.ts';

test('withCrashPoints passes a point before and one after the commit of each entry', async () => {
  const store = await openTestStore();
  onTestFinished(() => store.close());
  const making = systemMaking();
  const project = makeProject(making);
  const places: string[] = [];
  const watched = withCrashPoints(store, { reach: (place) => void places.push(place) });
  await watched.transact((tx) => tx.access.insertProject(project));
  expect(places).toEqual([]);
  const entry = makeEntry(making, project.id);
  await watched.transact((tx) => tx.journal.append([entry]));
  expect(places).toEqual([`before-commit:${entry.type}`, `after-commit:${entry.type}`]);
});

test('withCrashPoints passes none for a transaction that fails', async () => {
  const store = await openTestStore();
  onTestFinished(() => store.close());
  const places: string[] = [];
  const watched = withCrashPoints(store, { reach: (place) => void places.push(place) });
  await expect(watched.transact(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(places).toEqual([]);
});
