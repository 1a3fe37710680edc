import type { IdempotencyReader, IdempotencyWriter } from '../../idempotency.ts';
import { rowsOf } from '../rows.ts';
import { idempotency } from '../schema/idempotency.ts';
import { prepareWrite, type Session } from '../session.ts';

/** Reads of used idempotency keys on one connection. */
export function idempotencyReader(session: Session): IdempotencyReader {
  const byKey = rowsOf(session, idempotency).select(
    'WHERE t.project_id = ? AND t.principal_id = ? AND t.operation = ? AND t.key = ?',
  );
  return {
    get: async ({ projectId, principalId, operation, key }) =>
      byKey.one(projectId, principalId, operation, key),
  };
}

/** Reads and writes of used idempotency keys. */
export function idempotencyWriter(session: Session): IdempotencyWriter {
  const insert = rowsOf(session, idempotency).insert();
  const prune = prepareWrite(
    session,
    `DELETE FROM idempotency WHERE rowid IN (
      SELECT i.rowid FROM idempotency i LEFT JOIN invocation v ON v.id = i.invocation_id
      WHERE i.created_at < ? AND (v.id IS NULL OR v.ended_at IS NOT NULL)
      ORDER BY i.created_at LIMIT ?)`,
  );
  return {
    ...idempotencyReader(session),
    insert: async (row) => void insert(row),
    prune: async (createdBefore, limit) => prune(createdBefore, limit),
  };
}
