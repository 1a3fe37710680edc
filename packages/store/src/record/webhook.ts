import type {
  DeliveryId,
  DeliveryStatus,
  EntryId,
  PrincipalRef,
  ProjectId,
  WebhookEvent,
  WebhookId,
} from '@xem/protocol';

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
  /** When its deliveries began to fail, if none got through since. */
  readonly failingSince: number | null;
}

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

/** Filters of a list of deliveries. */
export interface DeliveryFilter {
  readonly status?: DeliveryStatus | undefined;
  readonly eventType?: WebhookEvent | undefined;
}
