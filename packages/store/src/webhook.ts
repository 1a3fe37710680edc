import type { DeliveryId, ProjectId, WebhookId } from '@xem/protocol';
import type { DeliveryFilter, DeliveryRecord, WebhookRecord } from './record/webhook.ts';
import type { Slice } from './store.ts';

/** Reads of webhooks. */
export interface WebhookReader {
  get(projectId: ProjectId, id: WebhookId): Promise<WebhookRecord | null>;
  list(projectId: ProjectId, slice: Slice): Promise<readonly WebhookRecord[]>;
  count(projectId: ProjectId): Promise<number>;
  /** Those that are enabled, of every project, for the start of the router. */
  enabled(): Promise<readonly WebhookRecord[]>;
}

/** The same within a transaction, and writes. */
export interface WebhookWriter extends WebhookReader {
  insert(row: WebhookRecord): Promise<void>;
  /** Compare and set on `version`. */
  save(row: WebhookRecord): Promise<WebhookRecord>;
  /** Removes a webhook and its deliveries. */
  remove(id: WebhookId): Promise<void>;
}

/** Deliveries of one subject to one webhook. */
export type DeliveryLine = Pick<DeliveryRecord, 'webhookId' | 'subject'>;

/** Reads of deliveries. */
export interface DeliveryReader {
  get(projectId: ProjectId, id: DeliveryId): Promise<DeliveryRecord | null>;
  list(webhookId: WebhookId, filter: DeliveryFilter, slice: Slice): Promise<readonly DeliveryRecord[]>;
  /** Webhooks that something is to be sent to at or before `now`. */
  webhooksDue(now: number): Promise<readonly WebhookId[]>;
  /** What is to be sent to a webhook at or before `now`, what was made first at the front. */
  due(webhookId: WebhookId, now: number, limit: number): Promise<readonly DeliveryRecord[]>;
  countPending(webhookId: WebhookId): Promise<number>;
  /** The pending one of a line with the lowest `seq`. */
  firstPending(line: DeliveryLine): Promise<DeliveryRecord | null>;
}

/** The same within a transaction, and writes. */
export interface DeliveryWriter extends DeliveryReader {
  insert(row: DeliveryRecord): Promise<void>;
  /** Compare and set on `version`. */
  save(row: DeliveryRecord): Promise<DeliveryRecord>;
  /** Ends everything that is pending for a webhook as failed. */
  failPending(webhookId: WebhookId, end: { readonly at: number; readonly error: string }): Promise<void>;
  /** Removes at most `limit` that ended before a time; answers how many. */
  prune(endedBefore: number, limit: number): Promise<number>;
  /** Removes at most `limit` ended ones of a webhook that are older than its newest `kept`; answers how many. */
  trim(webhookId: WebhookId, kept: number, limit: number): Promise<number>;
}
