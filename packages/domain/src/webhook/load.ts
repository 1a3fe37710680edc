import { ExecError } from '@xem/errors';
import type { WebhookId } from '@xem/protocol';
import type { WebhookReader, WebhookRecord } from '@xem/store';
import type { Origin, Services } from '../context.ts';

/** The row of a webhook of the project. @throws ExecError webhook_not_found, another project's id too */
export async function loadWebhook(
  { projectId }: Pick<Origin, 'projectId'>,
  rows: WebhookReader,
  id: WebhookId,
): Promise<WebhookRecord> {
  const row = await rows.get(projectId, id);
  if (row) return row;
  throw new ExecError('webhook_not_found', `the project has no webhook ${id}`);
}

/** Reads which webhooks are enabled from the store, at the start of the router. */
export async function loadSubscriptions({
  store,
  subscriptions,
}: Pick<Services, 'store' | 'subscriptions'>): Promise<void> {
  for (const row of await store.read.webhooks.enabled()) subscriptions.keep(row);
}
