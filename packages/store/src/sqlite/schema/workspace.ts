import type { AgentId, Pause, PrincipalRef, ProjectId, WorkspaceId } from '@xem/protocol';
import type { WorkspaceConcurrency } from '../../record/access.ts';
import { index, integer, primaryKey, sql, sqliteTable, text } from '../drizzle.ts';
import { agent } from './agent.ts';
import { project } from './project.ts';

export const workspace = sqliteTable(
  'workspace',
  {
    id: text('id').$type<WorkspaceId>().primaryKey(),
    version: integer('version').notNull(),
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    name: text('name').notNull(),
    type: text('type'),
    model: text('model'),
    paused: text('paused', { mode: 'json' }).$type<Pause>(),
    concurrency: text('concurrency', { mode: 'json' }).$type<WorkspaceConcurrency>(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    index('workspace_newest').on(table.projectId, table.createdAt, table.id),
    index('workspace_paused')
      .on(table.id)
      .where(sql`paused IS NOT NULL`),
  ],
);

/** Which agents may serve a workspace. */
export const workspaceBinding = sqliteTable(
  'workspace_binding',
  {
    workspaceId: text('workspace_id')
      .$type<WorkspaceId>()
      .notNull()
      .references(() => workspace.id),
    agentId: text('agent_id')
      .$type<AgentId>()
      .notNull()
      .references(() => agent.id, { onDelete: 'cascade' }),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    createdBy: text('created_by', { mode: 'json' }).$type<PrincipalRef>().notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.workspaceId, table.agentId] }),
    index('workspace_binding_agent').on(table.agentId),
    index('workspace_binding_newest').on(table.workspaceId, table.createdAt, table.agentId),
  ],
);
