import type { ProjectId } from '@xem/protocol';
import { integer, sqliteTable, text } from '../drizzle.ts';

export const project = sqliteTable('project', {
  id: text('id').$type<ProjectId>().primaryKey(),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  createdAt: integer('created_at').notNull(),
});
