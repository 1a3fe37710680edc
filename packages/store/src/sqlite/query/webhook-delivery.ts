import type { WebhookId } from '@xem/protocol';
import type { DeliveryFilter, DeliveryRecord } from '../../record/webhook.ts';
import type { DeliveryReader, DeliveryWriter } from '../../webhook.ts';
import { listOf, type Conditions } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { webhookDelivery } from '../schema/webhook.ts';
import { prepareQuery, prepareWrite, type Session } from '../session.ts';

const CONDITIONS: Conditions<DeliveryFilter> = [
  ['status', 't.status = ?'],
  ['eventType', 't.event_type = ?'],
];

/** What is sent, and where in its line it stands, stays as it was. */
const FROZEN = [
  'projectId',
  'webhookId',
  'eventId',
  'eventType',
  'subject',
  'seq',
  'body',
  'createdAt',
] as const satisfies readonly (keyof DeliveryRecord)[];

/** Reads of deliveries on one connection. A webhook has few pending ones, so that those due are found among them. */
export function deliveryReader(session: Session): DeliveryReader {
  const rows = rowsOf(session, webhookDelivery);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const list = listOf(rows, 't.webhook_id = ?', CONDITIONS);
  const webhooksDue = prepareQuery<{ id: WebhookId }>(
    session,
    `SELECT DISTINCT webhook_id AS id FROM webhook_delivery INDEXED BY webhook_delivery_due
      WHERE status = 'pending' AND next_attempt_at <= ?`,
  );
  const due = rows.select(
    `INDEXED BY webhook_delivery_status WHERE t.webhook_id = ? AND t.status = 'pending'
      AND t.next_attempt_at <= ? ORDER BY t.created_at, t.id LIMIT ?`,
  );
  const pending = prepareQuery<{ n: number }>(
    session,
    "SELECT count(*) AS n FROM webhook_delivery WHERE webhook_id = ? AND status = 'pending'",
  );
  const firstPending = rows.select(
    "WHERE t.webhook_id = ? AND t.subject = ? AND t.status = 'pending' ORDER BY t.seq LIMIT 1",
  );
  return {
    get: async (projectId, id) => byId.one(id, projectId),
    list: async (webhookId, filter, slice) => list(webhookId, filter, slice),
    webhooksDue: async (now) => webhooksDue.all(now).map(({ id }) => id),
    due: async (webhookId, now, limit) => due.all(webhookId, now, limit),
    countPending: async (webhookId) => pending.one(webhookId)?.n ?? 0,
    firstPending: async ({ webhookId, subject }) => firstPending.one(webhookId, subject),
  };
}

/** Reads and writes of deliveries. */
export function deliveryWriter(session: Session): DeliveryWriter {
  const rows = rowsOf(session, webhookDelivery);
  const insert = rows.insert();
  const save = rows.save<DeliveryRecord>(FROZEN);
  const failPending = prepareWrite(
    session,
    `UPDATE webhook_delivery SET status = 'failed', ended_at = ?, error = ?, next_attempt_at = NULL, version = version + 1
      WHERE webhook_id = ? AND status = 'pending'`,
  );
  const prune = prepareWrite(
    session,
    `DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery
      WHERE ended_at IS NOT NULL AND ended_at < ? LIMIT ?)`,
  );
  const trim = prepareWrite(
    session,
    `DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery INDEXED BY webhook_delivery_newest
      WHERE webhook_id = ? AND ended_at IS NOT NULL AND (created_at, id) <= (
        SELECT created_at, id FROM webhook_delivery INDEXED BY webhook_delivery_newest
          WHERE webhook_id = ? ORDER BY created_at DESC, id DESC LIMIT 1 OFFSET ?) LIMIT ?)`,
  );
  return {
    ...deliveryReader(session),
    insert: async (row) => void insert(row),
    save: async (row) => save(row),
    failPending: async (webhookId, { at, error }) => void failPending(at, error, webhookId),
    prune: async (endedBefore, limit) => prune(endedBefore, limit),
    trim: async (webhookId, kept, limit) => trim(webhookId, webhookId, kept, limit),
  };
}
