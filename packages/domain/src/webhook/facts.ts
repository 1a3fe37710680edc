import type { WebhookRecord } from '@xem/store';
import type { Fact } from '../mutate.ts';

/** What the journal hears of a webhook. Paths of URLs are left out: many receivers keep a secret there. */
export const webhookFact = (
  type: Fact['type'] & `webhook.${string}`,
  { id, url, events, enabled }: WebhookRecord,
  data: Readonly<Record<string, unknown>> = {},
): Fact => ({
  type,
  subject: { type: 'webhook', id },
  data: { origin: new URL(url).origin, events, enabled, ...data },
});
