import type { ProjectId, WorkspaceId } from '@xem/protocol';
import { integer, primaryKey, sqliteTable, text } from '../drizzle.ts';
import { project } from './project.ts';

/** The account of a metered project; one that has none is not metered. */
export const credit = sqliteTable('credit', {
  projectId: text('project_id')
    .$type<ProjectId>()
    .primaryKey()
    .references(() => project.id),
  granted: integer('granted').notNull(),
  reserved: integer('reserved').notNull(),
  settled: integer('settled').notNull(),
});

/** What was used, summed up by day, workspace and tool. */
export const usage = sqliteTable(
  'usage',
  {
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    /** YYYY-MM-DD, UTC. */
    day: text('day').notNull(),
    workspaceId: text('workspace_id').$type<WorkspaceId>().notNull(),
    tool: text('tool').notNull(),
    calls: integer('calls').notNull(),
    completed: integer('completed').notNull(),
    failed: integer('failed').notNull(),
    cancelled: integer('cancelled').notNull(),
    rejected: integer('rejected').notNull(),
    timeout: integer('timeout').notNull(),
    runMs: integer('run_ms').notNull(),
    outputBytes: integer('output_bytes').notNull(),
    credit: integer('credit').notNull(),
  },
  (table) => [primaryKey({ columns: [table.projectId, table.day, table.workspaceId, table.tool] })],
);
