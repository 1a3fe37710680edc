import type { Pause, ProjectId, RateLimit } from '@xem/protocol';
import type { BillingStatus, Tariff } from '../../record/credit.ts';
import { integer, sqliteTable, text } from '../drizzle.ts';

export const project = sqliteTable('project', {
  id: text('id').$type<ProjectId>().primaryKey(),
  version: integer('version').notNull().default(1),
  slug: text('slug').notNull().unique(),
  name: text('name').notNull(),
  paused: text('paused', { mode: 'json' }).$type<Pause>(),
  plan: text('plan').notNull().default('standard'),
  rate: text('rate', { mode: 'json' }).$type<RateLimit>(),
  billing: text('billing').$type<BillingStatus>().notNull().default('current'),
  tariff: text('tariff', { mode: 'json' }).$type<Tariff>(),
  createdAt: integer('created_at').notNull(),
});
