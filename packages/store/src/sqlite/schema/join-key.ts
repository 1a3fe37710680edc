import type {
  AgentId,
  JoinKeyId,
  JoinKeyUseStatus,
  PrincipalRef,
  ProjectId,
  WorkspaceId,
} from '@xem/protocol';
import { index, integer, primaryKey, sql, sqliteTable, text } from '../drizzle.ts';
import { project } from './project.ts';

export const joinKey = sqliteTable(
  'join_key',
  {
    id: text('id').$type<JoinKeyId>().primaryKey(),
    version: integer('version').notNull(),
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    registrationName: text('registration_name'),
    region: text('region'),
    replace: integer('replace', { mode: 'boolean' }).notNull(),
    workspaces: text('workspaces', { mode: 'json' }).$type<readonly WorkspaceId[]>().notNull(),
    uses: integer('uses').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
    createdAt: integer('created_at').notNull(),
    createdBy: text('created_by', { mode: 'json' }).$type<PrincipalRef>().notNull(),
  },
  (table) => [index('join_key_newest').on(table.projectId, table.createdAt, table.id)],
);

/** The agent of a lapsed use is gone, so its id refers to nothing. */
export const joinKeyUse = sqliteTable(
  'join_key_use',
  {
    joinKeyId: text('join_key_id')
      .$type<JoinKeyId>()
      .notNull()
      .references(() => joinKey.id),
    signingKey: text('signing_key').notNull(),
    curveKey: text('curve_key').notNull(),
    agentId: text('agent_id').$type<AgentId>().notNull(),
    status: text('status').$type<JoinKeyUseStatus>().notNull(),
    reservedAt: integer('reserved_at').notNull(),
    lapsesAt: integer('lapses_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.joinKeyId, table.agentId] }),
    index('join_key_use_reserved')
      .on(table.agentId)
      .where(sql`status = 'reserved'`),
    index('join_key_use_lapsing')
      .on(table.lapsesAt)
      .where(sql`status = 'reserved'`),
  ],
);
