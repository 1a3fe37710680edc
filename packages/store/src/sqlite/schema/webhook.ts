import type {
  DeliveryId,
  DeliveryStatus,
  EntryId,
  PrincipalRef,
  ProjectId,
  WebhookEvent,
  WebhookId,
} from '@xem/protocol';
import { blob, index, integer, sql, sqliteTable, text } from '../drizzle.ts';
import { project } from './project.ts';

export const webhook = sqliteTable(
  'webhook',
  {
    id: text('id').$type<WebhookId>().primaryKey(),
    version: integer('version').notNull(),
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    url: text('url').notNull(),
    description: text('description'),
    events: text('events', { mode: 'json' }).$type<readonly WebhookEvent[]>().notNull(),
    /** Encrypted under a key in the data folder. */
    secret: blob('secret', { mode: 'buffer' }).$type<Uint8Array>().notNull(),
    enabled: integer('enabled', { mode: 'boolean' }).notNull(),
    createdBy: text('created_by', { mode: 'json' }).$type<PrincipalRef>().notNull(),
    createdAt: integer('created_at').notNull(),
    lastDeliveredAt: integer('last_delivered_at'),
    failingSince: integer('failing_since'),
  },
  (table) => [
    index('webhook_newest').on(table.projectId, table.createdAt, table.id),
    index('webhook_enabled')
      .on(table.projectId)
      .where(sql`enabled = 1`),
  ],
);

/** One event on its way to one webhook. */
export const webhookDelivery = sqliteTable(
  'webhook_delivery',
  {
    id: text('id').$type<DeliveryId>().primaryKey(),
    version: integer('version').notNull(),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    webhookId: text('webhook_id')
      .$type<WebhookId>()
      .notNull()
      .references(() => webhook.id, { onDelete: 'cascade' }),
    eventId: text('event_id').$type<EntryId>().notNull(),
    eventType: text('event_type').$type<WebhookEvent>().notNull(),
    /** Deliveries of one subject go out in the order of `seq`. */
    subject: text('subject').notNull(),
    seq: integer('seq').notNull(),
    /** The exact bytes that are signed and sent. */
    body: text('body').notNull(),
    status: text('status').$type<DeliveryStatus>().notNull(),
    attempts: integer('attempts').notNull(),
    nextAttemptAt: integer('next_attempt_at'),
    responseStatus: integer('response_status'),
    error: text('error'),
    createdAt: integer('created_at').notNull(),
    endedAt: integer('ended_at'),
  },
  (table) => [
    index('webhook_delivery_newest').on(table.webhookId, table.createdAt, table.id),
    index('webhook_delivery_status').on(table.webhookId, table.status, table.createdAt, table.id),
    index('webhook_delivery_due')
      .on(table.nextAttemptAt)
      .where(sql`status = 'pending'`),
    index('webhook_delivery_subject')
      .on(table.webhookId, table.subject, table.seq)
      .where(sql`status = 'pending'`),
    index('webhook_delivery_ended')
      .on(table.endedAt)
      .where(sql`ended_at IS NOT NULL`),
  ],
);
