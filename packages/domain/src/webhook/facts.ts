import type { EntryData, EntryTypeOf } from '@xem/protocol';
import type { DeliveryRecord, WebhookRecord } from '@xem/store';
import type { Fact } from '../mutate.ts';

/** What the journal hears of a webhook. Paths of URLs are left out: many receivers keep a secret there. */
export const webhookFact = (
  type: Exclude<EntryTypeOf<'webhook'>, 'webhook.redelivered'>,
  { id, url, events, enabled }: WebhookRecord,
  more: Pick<EntryData<'webhook.updated'>, 'because'> = {},
): Fact => ({
  type,
  subject: { type: 'webhook', id },
  data: { origin: new URL(url).origin, events, enabled, ...more },
});

/** What the journal hears of a delivery that is made once more. */
export const redelivered = (repeated: DeliveryRecord, made: DeliveryRecord): Fact => ({
  type: 'webhook.redelivered',
  subject: { type: 'webhook', id: made.webhookId },
  data: { delivery_id: made.id, again: repeated.id, event_id: made.eventId, event: made.eventType },
});
