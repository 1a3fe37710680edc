import { expect } from 'vitest';
import type { DeliveryRecord } from '../record/webhook.ts';
import { makePrincipal, makeProject, refTo } from '../testing/record/access.ts';
import { makeEntry } from '../testing/record/invocation.ts';
import { makeDelivery, makeWebhook } from '../testing/record/webhook.ts';
import { idsOf, stageFor, type Contract, type OpenStore } from './subject.ts';

/** A webhook and a way to put deliveries beside it. */
async function stageOfWebhook(open: OpenStore) {
  const stage = await stageFor(open);
  const { store, making, project } = stage;
  const createdBy = refTo(makePrincipal(making, { projectId: project.id }));
  const hook = makeWebhook(making, { projectId: project.id, createdBy, createdAt: 10 });
  await store.transact((tx) => tx.webhooks.insert(hook));
  const deliver = async (...rows: readonly Partial<DeliveryRecord>[]): Promise<readonly DeliveryRecord[]> => {
    const made = rows.map((some) => makeDelivery(making, hook, some));
    await store.transact(async (tx) => {
      for (const row of made) await tx.deliveries.insert(row);
    });
    return made;
  };
  return { ...stage, createdBy, hook, deliver };
}

const ended = (at: number) => ({ status: 'delivered' as const, endedAt: at, createdAt: at });

/** What any store does with webhooks, their deliveries and the places in the journal they have come to. */
export const webhookContract: Contract = {
  'webhooks keeps them by project, newest first, and tells those that are enabled': async (open) => {
    const { store, making, project, hook, createdBy } = await stageOfWebhook(open);
    const second = makeWebhook(making, { projectId: project.id, createdBy, createdAt: 20, enabled: false });
    await store.transact((tx) => tx.webhooks.insert(second));
    const { webhooks } = store.read;
    expect(await webhooks.get(project.id, hook.id)).toMatchObject({
      ...hook,
      secret: Buffer.from([1, 2, 3]),
    });
    expect(await webhooks.get(makeProject(making).id, hook.id)).toBeNull();
    expect(idsOf(await webhooks.list(project.id, { limit: 9 }))).toEqual([second.id, hook.id]);
    expect(await webhooks.count(project.id)).toBe(2);
    expect(idsOf(await webhooks.enabled())).toEqual([hook.id]);
    const saved = await store.transact((tx) =>
      tx.webhooks.save({ ...hook, enabled: false, url: 'https://x/' }),
    );
    expect(await webhooks.get(project.id, hook.id)).toMatchObject({ version: 2, url: 'https://x/' });
    expect(await webhooks.enabled()).toEqual([]);
    await expect(store.transact((tx) => tx.webhooks.save(hook))).rejects.toThrow(/no longer/);
    expect(saved.version).toBe(2);
  },

  'webhooks.remove takes the deliveries along': async (open) => {
    const { store, project, hook, deliver } = await stageOfWebhook(open);
    const [row] = await deliver({});
    await store.transact((tx) => tx.webhooks.remove(hook.id));
    expect(await store.read.webhooks.get(project.id, hook.id)).toBeNull();
    expect(row && (await store.read.deliveries.get(project.id, row.id))).toBeNull();
  },

  'deliveries are due by their time, and of a line the lowest is first': async (open) => {
    const { store, hook, deliver } = await stageOfWebhook(open);
    const [late, first, behind, other] = await deliver(
      { subject: 'a', seq: 5, nextAttemptAt: null, createdAt: 1 },
      { subject: 'a', seq: 2, nextAttemptAt: 100, createdAt: 2 },
      { subject: 'a', seq: 3, nextAttemptAt: null, createdAt: 3 },
      { subject: 'b', seq: 4, nextAttemptAt: 50, createdAt: 4 },
    );
    const { deliveries } = store.read;
    expect(await deliveries.webhooksDue(49)).toEqual([]);
    expect(await deliveries.webhooksDue(50)).toEqual([hook.id]);
    expect(await deliveries.due(hook.id, 50, 9)).toEqual([other]);
    expect(await deliveries.due(hook.id, 100, 9)).toEqual([first, other]);
    expect(await deliveries.due(hook.id, 100, 1)).toEqual([first]);
    expect(await deliveries.countPending(hook.id)).toBe(4);
    expect(await deliveries.firstPending({ webhookId: hook.id, subject: 'a' })).toEqual(first);
    expect(await deliveries.firstPending({ webhookId: hook.id, subject: 'c' })).toBeNull();
    if (!first) throw new Error('the delivery was not made');
    const over: DeliveryRecord = { ...first, status: 'delivered', nextAttemptAt: null, endedAt: 7 };
    const saved = await store.transact((tx) => tx.deliveries.save(over));
    expect(await deliveries.firstPending({ webhookId: hook.id, subject: 'a' })).toEqual(behind);
    const newest = await deliveries.list(hook.id, {}, { limit: 9 });
    expect(newest).toEqual([other, behind, saved, late]);
    expect(await deliveries.list(hook.id, { status: 'delivered' }, { limit: 9 })).toEqual([saved]);
    expect(await deliveries.list(hook.id, { eventType: 'exec.failed' }, { limit: 9 })).toEqual([]);
  },

  'deliveries.failPending ends what waits and leaves the rest': async (open) => {
    const { store, hook, deliver } = await stageOfWebhook(open);
    const [, done] = await deliver({ createdAt: 1 }, { status: 'delivered', endedAt: 3, createdAt: 2 });
    await store.transact((tx) => tx.deliveries.failPending(hook.id, { at: 9, error: 'switched off' }));
    const { deliveries } = store.read;
    const failed = await deliveries.list(hook.id, { status: 'failed' }, { limit: 9 });
    expect(failed).toMatchObject([{ error: 'switched off', endedAt: 9, nextAttemptAt: null, version: 2 }]);
    expect(await deliveries.list(hook.id, { status: 'delivered' }, { limit: 9 })).toEqual([done]);
  },

  'deliveries that ended are put away by age and by number, those that wait never': async (open) => {
    const { store, hook, deliver } = await stageOfWebhook(open);
    const rows = await deliver({ createdAt: 1 }, ended(2), ended(3), ended(4), ended(5));
    const [waits, , third, , newest] = rows;
    const left = async () => idsOf(await store.read.deliveries.list(hook.id, {}, { limit: 9 }));
    expect(await store.transact((tx) => tx.deliveries.prune(3, 9))).toBe(1);
    expect(await store.transact((tx) => tx.deliveries.trim(hook.id, 9, 9))).toBe(0);
    expect(await left()).toEqual(idsOf(rows.filter((row) => row !== rows[1]).toReversed()));
    expect(await store.transact((tx) => tx.deliveries.trim(hook.id, 1, 1))).toBe(1);
    expect(await left()).not.toContain(third?.id);
    expect(await store.transact((tx) => tx.deliveries.trim(hook.id, 1, 9))).toBe(1);
    expect(await left()).toEqual([newest?.id, waits?.id]);
  },

  'journal.ofTypes reads on from a seq, and cursors keep how far': async (open) => {
    const { store, making, project } = await stageFor(open);
    const types = [
      'agent.online',
      'agent.offline',
      'agent.online',
      'agent.conflict',
      'agent.offline',
    ] as const;
    await store.transact((tx) =>
      tx.journal.append(types.map((type) => makeEntry(making, project.id, { type }))),
    );
    const { journal, cursors } = store.read;
    const seqs = async (afterSeq: number, limit: number) =>
      (await journal.ofTypes(project.id, ['agent.offline', 'agent.conflict'], { afterSeq, limit })).map(
        ({ seq }) => seq,
      );
    expect(await seqs(0, 9)).toEqual([2, 4, 5]);
    expect(await seqs(2, 1)).toEqual([4]);
    expect(await seqs(5, 9)).toEqual([]);
    expect(await cursors.get('reader', project.id)).toBe(0);
    await store.transact((tx) => tx.cursors.set('reader', project.id, 4));
    await store.transact((tx) => tx.cursors.set('reader', project.id, 5));
    expect(await cursors.get('reader', project.id)).toBe(5);
    await store.transact((tx) => tx.cursors.remove('reader', project.id));
    expect(await cursors.get('reader', project.id)).toBe(0);
  },
};
