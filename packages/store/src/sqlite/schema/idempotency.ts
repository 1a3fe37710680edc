import type { InvocationId, PrincipalId, ProjectId } from '@xem/protocol';
import { index, integer, primaryKey, sqliteTable, text } from '../drizzle.ts';

export const idempotency = sqliteTable(
  'idempotency',
  {
    projectId: text('project_id').$type<ProjectId>().notNull(),
    principalId: text('principal_id').$type<PrincipalId>().notNull(),
    operation: text('operation').notNull(),
    key: text('key').notNull(),
    bodySha256: text('body_sha256').notNull(),
    /** The column is from before anything but invocations was made with a key. */
    madeId: text('invocation_id').$type<InvocationId | ProjectId>().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.principalId, table.operation, table.key] }),
    index('idempotency_age').on(table.createdAt),
  ],
);
