import type { MaintenanceId, MaintenanceStatus, PrincipalRef, ProjectId, WorkspaceId } from '@xem/protocol';
import type { MaintenanceSeverity } from '../../record/maintenance.ts';
import { index, integer, sql, sqliteTable, text } from '../drizzle.ts';
import { project } from './project.ts';

export const maintenance = sqliteTable(
  'maintenance',
  {
    id: text('id').$type<MaintenanceId>().primaryKey(),
    version: integer('version').notNull(),
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    workspaceId: text('workspace_id').$type<WorkspaceId>(),
    title: text('title').notNull(),
    description: text('description'),
    severity: text('severity').$type<MaintenanceSeverity>().notNull(),
    status: text('status').$type<MaintenanceStatus>().notNull(),
    startsAt: integer('starts_at').notNull(),
    endsAt: integer('ends_at'),
    createdBy: text('created_by', { mode: 'json' }).$type<PrincipalRef>().notNull(),
    createdAt: integer('created_at').notNull(),
    startedAt: integer('started_at'),
    endedAt: integer('ended_at'),
    /** When the router does the next thing by itself: start it, or end it; null when it does nothing more. */
    dueAt: integer('due_at'),
  },
  (table) => [
    index('maintenance_newest').on(table.projectId, table.createdAt, table.id),
    index('maintenance_status_newest').on(table.projectId, table.status, table.createdAt, table.id),
    index('maintenance_due')
      .on(table.dueAt)
      .where(sql`due_at IS NOT NULL`),
    index('maintenance_open')
      .on(table.projectId, table.startsAt)
      .where(sql`status = 'in_progress'`),
  ],
);
