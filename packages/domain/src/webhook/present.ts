import type { Webhook, WebhookDelivery } from '@xem/protocol';
import { toTimestamp, toTimestampOrNull } from '@xem/runtime';
import type { DeliveryRecord, WebhookRecord } from '@xem/store';

/** A webhook as it travels, without its secret. */
export const presentWebhook = (row: WebhookRecord): Webhook => ({
  object: 'webhook',
  id: row.id,
  project_id: row.projectId,
  url: row.url,
  description: row.description,
  events: row.events.length > 0 ? [...row.events] : null,
  enabled: row.enabled,
  last_delivered_at: toTimestampOrNull(row.lastDeliveredAt),
  failing_since: toTimestampOrNull(row.failingSince),
  created_by: row.createdBy,
  created_at: toTimestamp(row.createdAt),
});

/** A delivery as it travels. */
export const presentDelivery = (row: DeliveryRecord): WebhookDelivery => ({
  object: 'webhook_delivery',
  id: row.id,
  webhook_id: row.webhookId,
  event_id: row.eventId,
  event: row.eventType,
  seq: row.seq,
  status: row.status,
  attempts: row.attempts,
  response_status: row.responseStatus,
  error: row.error,
  next_attempt_at: toTimestampOrNull(row.nextAttemptAt),
  created_at: toTimestamp(row.createdAt),
  ended_at: toTimestampOrNull(row.endedAt),
});
