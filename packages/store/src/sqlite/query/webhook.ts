import type { WebhookRecord } from '../../record/webhook.ts';
import type { WebhookReader, WebhookWriter } from '../../webhook.ts';
import { listOf } from '../list.ts';
import { rowsOf } from '../rows.ts';
import { webhook } from '../schema/webhook.ts';
import { prepareQuery, prepareWrite, type Session } from '../session.ts';

/** Reads of webhooks on one connection. */
export function webhookReader(session: Session): WebhookReader {
  const rows = rowsOf(session, webhook);
  const byId = rows.select('WHERE t.id = ? AND t.project_id = ?');
  const list = listOf(rows, 't.project_id = ?', []);
  const count = prepareQuery<{ n: number }>(
    session,
    'SELECT count(*) AS n FROM webhook WHERE project_id = ?',
  );
  const enabled = rows.select('INDEXED BY webhook_enabled WHERE t.enabled = 1');
  return {
    get: async (projectId, id) => byId.one(id, projectId),
    list: async (projectId, slice) => list(projectId, {}, slice),
    count: async (projectId) => count.one(projectId)?.n ?? 0,
    enabled: async () => enabled.all(),
  };
}

/** Reads and writes of webhooks. Its deliveries go with a webhook. */
export function webhookWriter(session: Session): WebhookWriter {
  const rows = rowsOf(session, webhook);
  const insert = rows.insert();
  const save = rows.save<WebhookRecord>(['projectId', 'createdBy', 'createdAt']);
  const remove = prepareWrite(session, 'DELETE FROM webhook WHERE id = ?');
  return {
    ...webhookReader(session),
    insert: async (row) => void insert(row),
    save: async (row) => save(row),
    remove: async (id) => void remove(id),
  };
}
