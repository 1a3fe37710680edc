import type { DeliveryId, EntryId, PrincipalRef, ProjectId, WebhookId } from '@xem/protocol';

/** The name of an event that webhooks are sent: `exec.…`. */
export type WebhookEvent = string;

/** Where the events of a project are sent. */
export interface WebhookRecord {
  readonly id: WebhookId;
  readonly version: number;
  readonly projectId: ProjectId;
  readonly url: string;
  readonly description: string | null;
  /** Empty for every event. */
  readonly events: readonly WebhookEvent[];
  /** Encrypted under a key in the data folder. */
  readonly secret: Uint8Array;
  readonly enabled: boolean;
  readonly createdBy: PrincipalRef;
  readonly createdAt: number;
  readonly lastDeliveredAt: number | null;
  readonly lastFailedAt: number | null;
}

export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

/** One event on its way to one webhook. */
export interface DeliveryRecord {
  readonly id: DeliveryId;
  readonly version: number;
  readonly projectId: ProjectId;
  readonly webhookId: WebhookId;
  readonly eventId: EntryId;
  readonly eventType: WebhookEvent;
  /** Deliveries of one subject go out in the order of `seq`. */
  readonly subject: string;
  readonly seq: number;
  /** The exact bytes that are signed and sent. */
  readonly body: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  readonly nextAttemptAt: number | null;
  readonly responseStatus: number | null;
  readonly error: string | null;
  readonly createdAt: number;
  readonly endedAt: number | null;
}
