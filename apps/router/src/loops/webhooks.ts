import { fanOut, type Services } from '@xem/domain';
import type { WebhookId } from '@xem/protocol';
import { createErrands } from '../errands.ts';
import { createRounds } from '../rounds.ts';
import type { PostMessage } from '../webhook/post.ts';
import { createSender } from '../webhook/sender.ts';
import { startLoop, type Loop } from './loop.ts';

const EVERY_MS = 500;

/** Retention keeps what a webhook has still to read: its place moves on also while nothing that it wants happens. */
const CATCH_UP_EVERY_MS = 600_000;

/**
 * Carries the events of the journal to the webhooks that ask for them. A commit that holds one turns it into a delivery,
 * and deliveries are sent; both go on where they stood after a crash. Without a webhook a commit costs a look at an
 * empty map.
 */
export function startWebhooks(services: Services, post: PostMessage): Loop {
  const { store, clock, log, subscriptions } = services;
  const errands = createErrands(log);
  const sender = createSender({ services, post });
  const behind = new Set<WebhookId>(subscriptions.all());
  const bringUp = createRounds<WebhookId>(async (id) => {
    const subscriber = subscriptions.find(id);
    behind.delete(id);
    if (!subscriber) return;
    try {
      const { made, state } = await fanOut(services, subscriber);
      if (state !== 'abreast') behind.add(id);
      if (made > 0) sender.pump(id);
      if (state === 'more') errands.run('webhook.fan_out', () => bringUp(id));
    } catch (err) {
      behind.add(id);
      log.error('webhook.fan_out_failed', { webhookId: id, err });
    }
  });
  const wake = (id: WebhookId): void => errands.run('webhook.fan_out', () => bringUp(id));
  const unsubscribe = store.onCommit((entries) => {
    if (subscriptions.isEmpty()) return;
    for (const id of subscriptions.wanting(entries)) wake(id);
  });
  const unfollow = subscriptions.onKept(wake);
  const loop = startLoop({ name: 'webhooks', everyMs: EVERY_MS, clock, log }, async () => {
    if (subscriptions.isEmpty()) return;
    for (const id of behind) wake(id);
    for (const id of await store.read.deliveries.webhooksDue(clock.now())) sender.pump(id);
  });
  const catchUp = startLoop(
    { name: 'webhooks_catch_up', everyMs: CATCH_UP_EVERY_MS, clock, log },
    async () => {
      for (const id of subscriptions.all()) wake(id);
    },
  );
  for (const id of behind) wake(id);
  return {
    stop: async () => {
      unsubscribe();
      unfollow();
      await loop.stop();
      await catchUp.stop();
      await errands.drained();
      await sender.stop();
    },
  };
}
