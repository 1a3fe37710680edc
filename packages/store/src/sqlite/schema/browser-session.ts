import type { ApiKeyId, ProjectId } from '@xem/protocol';
import { index, integer, sqliteTable, text } from '../drizzle.ts';
import { apiKey } from './api-key.ts';

export const browserSession = sqliteTable(
  'browser_session',
  {
    tokenSha256: text('token_sha256').primaryKey(),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    keyId: text('key_id')
      .$type<ApiKeyId>()
      .notNull()
      .references(() => apiKey.id),
    csrfToken: text('csrf_token').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [index('browser_session_expiry').on(table.expiresAt)],
);
