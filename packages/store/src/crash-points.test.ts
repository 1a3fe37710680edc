import { expect, onTestFinished, test } from 'vitest';
import { withCrashPoints } from './crash-points.ts';
import { makeEntry } from './testing/record/invocation.ts';
import { makePrincipal, makeProject, refTo } from './testing/record/access.ts';
import { makeDelivery, makeWebhook } from './testing/record/webhook.ts';
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

test('withCrashPoints passes points for writes that no entry tells of', async () => {
  const store = await openTestStore();
  onTestFinished(() => store.close());
  const making = systemMaking();
  const project = makeProject(making);
  const createdBy = refTo(makePrincipal(making, { projectId: project.id }));
  const hook = makeWebhook(making, { projectId: project.id, createdBy });
  const delivery = makeDelivery(making, hook);
  const places: string[] = [];
  const watched = withCrashPoints(store, { reach: (place) => void places.push(place) });
  await watched.transact(async (tx) => {
    await tx.access.insertProject(project);
    await tx.webhooks.insert(hook);
    await tx.deliveries.insert(delivery);
    await tx.deliveries.save(delivery);
  });
  expect(places).toEqual([
    'before-commit:delivery.made',
    'before-commit:delivery.recorded',
    'after-commit:delivery.made',
    'after-commit:delivery.recorded',
  ]);
});
