import { DeliveryId, EntryId, WebhookId } from '@xem/protocol';
import type { DeliveryRecord, WebhookRecord } from '../../record/webhook.ts';
import type { Making } from './access.ts';

/** A webhook of a project for every event. */
export const makeWebhook = (
  { clock, ids }: Making,
  some: Partial<WebhookRecord> & Pick<WebhookRecord, 'projectId' | 'createdBy'>,
): WebhookRecord => ({
  id: WebhookId.parse(`whk_${ids.hex()}`),
  version: 1,
  url: 'https://hooks.example.com/xem',
  description: null,
  events: [],
  secret: new Uint8Array([1, 2, 3]),
  enabled: true,
  createdAt: clock.now(),
  lastDeliveredAt: null,
  failingSince: null,
  ...some,
});

/** An event that waits to be sent to a webhook. */
export const makeDelivery = (
  { clock, ids }: Making,
  { id: webhookId, projectId }: WebhookRecord,
  some: Partial<DeliveryRecord> = {},
): DeliveryRecord => ({
  id: DeliveryId.parse(`dlv_${ids.hex()}`),
  version: 1,
  projectId,
  webhookId,
  eventId: EntryId.parse(`evt_${ids.hex()}`),
  eventType: 'exec.completed',
  subject: 'a call',
  seq: 1,
  body: '{}',
  status: 'pending',
  attempts: 0,
  nextAttemptAt: clock.now(),
  responseStatus: null,
  error: null,
  createdAt: clock.now(),
  endedAt: null,
  ...some,
});
