import type { PrincipalId, PrincipalKind, PrincipalRef, ProjectId } from '@xem/protocol';
import { index, integer, sqliteTable, text } from '../drizzle.ts';
import { project } from './project.ts';

export const principal = sqliteTable(
  'principal',
  {
    id: text('id').$type<PrincipalId>().primaryKey(),
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    kind: text('kind').$type<PrincipalKind>().notNull(),
    name: text('name').notNull(),
    groups: text('groups', { mode: 'json' }).$type<readonly string[]>().notNull(),
    disabled: integer('disabled', { mode: 'boolean' }).notNull(),
    empoweredAt: integer('empowered_at'),
    createdBy: text('created_by', { mode: 'json' }).$type<PrincipalRef>(),
    createdAt: integer('created_at').notNull(),
  },
  (table) => [index('principal_newest').on(table.projectId, table.createdAt, table.id)],
);
