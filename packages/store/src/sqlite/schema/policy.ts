import type { PolicyId, PrincipalRef, ProjectId, WorkspaceId } from '@xem/protocol';
import { index, integer, primaryKey, sqliteTable, text } from '../drizzle.ts';
import type { PolicyRules } from '../../record/approval.ts';
import { project } from './project.ts';

export const policy = sqliteTable(
  'policy',
  {
    id: text('id').$type<PolicyId>().notNull(),
    version: integer('version').notNull(),
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    workspaceId: text('workspace_id').$type<WorkspaceId>(),
    name: text('name').notNull(),
    rules: text('rules', { mode: 'json' }).$type<PolicyRules>().notNull(),
    createdBy: text('created_by', { mode: 'json' }).$type<PrincipalRef>(),
    createdAt: integer('created_at').notNull(),
    retired: integer('retired', { mode: 'boolean' }).notNull().default(false),
  },
  (table) => [
    primaryKey({ columns: [table.id, table.version] }),
    index('policy_newest').on(table.projectId, table.workspaceId, table.createdAt, table.version),
  ],
);
