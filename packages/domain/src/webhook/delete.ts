import { deleteWebhook, type OutputOf, type ParsedInputOf } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { webhookFact } from './facts.ts';
import { loadWebhook } from './load.ts';

/** Deletes a webhook and its deliveries; nothing more is sent. @throws ExecError webhook_not_found */
export const remove = (
  ctx: VerbContext,
  { id }: ParsedInputOf<typeof deleteWebhook>,
): Promise<OutputOf<typeof deleteWebhook>> =>
  mutate(ctx, deleteWebhook, async (tx) => {
    const row = await loadWebhook(ctx, tx.webhooks, id);
    await tx.webhooks.remove(id);
    await tx.cursors.remove(id, ctx.projectId);
    return {
      result: { object: 'webhook', id, deleted: true },
      facts: [webhookFact('webhook.deleted', row)],
      committed: () => ctx.subscriptions.forget(id),
    };
  });
