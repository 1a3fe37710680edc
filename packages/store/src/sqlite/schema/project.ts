import type { Pause, ProjectId } from '@xem/protocol';
import { integer, sqliteTable, text } from '../drizzle.ts';

export const project = sqliteTable('project', {
  id: text('id').$type<ProjectId>().primaryKey(),
  version: integer('version').notNull().default(1),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  paused: text('paused', { mode: 'json' }).$type<Pause>(),
  createdAt: integer('created_at').notNull(),
});
