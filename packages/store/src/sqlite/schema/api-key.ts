import type { ApiKeyId, PrincipalId, ProjectId, RateLimit, Scope } from '@xem/protocol';
import { index, integer, sqliteTable, text } from '../drizzle.ts';
import { principal } from './principal.ts';
import { project } from './project.ts';

export const apiKey = sqliteTable(
  'api_key',
  {
    id: text('id').$type<ApiKeyId>().primaryKey(),
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    principalId: text('principal_id')
      .$type<PrincipalId>()
      .notNull()
      .references(() => principal.id),
    name: text('name').notNull(),
    prefix: text('prefix').notNull(),
    valueSha256: text('value_sha256').notNull().unique(),
    scopes: text('scopes', { mode: 'json' }).$type<readonly Scope[]>().notNull(),
    canDecide: integer('can_decide', { mode: 'boolean' }).notNull(),
    rate: text('rate', { mode: 'json' }).$type<RateLimit>().notNull(),
    endpoints: text('endpoints', { mode: 'json' }).$type<readonly string[]>(),
    ipAllow: text('ip_allow', { mode: 'json' }).$type<readonly string[]>(),
    expiresAt: integer('expires_at'),
    lastUsedAt: integer('last_used_at'),
    revokedAt: integer('revoked_at'),
    rotatedFrom: text('rotated_from').$type<ApiKeyId>(),
    families: text('families', { mode: 'json' }).$type<readonly ApiKeyId[]>().notNull().default([]),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('api_key_newest').on(table.projectId, table.createdAt, table.id)],
);
