import { listWebhookDeliveries, type Page, type ParsedInputOf, type WebhookDelivery } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { positionOf, readPage } from '../page.ts';
import { loadWebhook } from './load.ts';
import { presentDelivery } from './present.ts';

/** Lists what a webhook was sent and is to be sent, newest first. @throws ExecError webhook_not_found */
export async function deliveries(
  ctx: VerbContext,
  query: ParsedInputOf<typeof listWebhookDeliveries>,
): Promise<Page<WebhookDelivery>> {
  const { limit, after, ...filter } = query;
  const { read } = ctx.store;
  await loadWebhook(ctx, read.webhooks, filter.id);
  const conditions = { status: filter.status, eventType: filter.event };
  return readPage(
    { projectId: ctx.projectId, route: listWebhookDeliveries.id, filter },
    { limit, after },
    {
      rows: (slice) => read.deliveries.list(filter.id, conditions, slice),
      position: positionOf,
      present: presentDelivery,
    },
  );
}
