import type {
  ApiKeyId,
  EntryActor,
  EntryId,
  EntryRefs,
  JournalEntry,
  ProjectId,
  Surface,
} from '@xem/protocol';
import { index, integer, primaryKey, sql, sqliteTable, text } from '../drizzle.ts';
import { project } from './project.ts';

/** Entries as they travel, but for `object`, which is the same on all of them. */
export const journal = sqliteTable(
  'journal',
  {
    project_id: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    seq: integer('seq').notNull(),
    id: text('id').$type<EntryId>().notNull(),
    at: text('at').notNull(),
    type: text('type').notNull(),
    actor: text('actor', { mode: 'json' }).$type<EntryActor>().notNull(),
    key_id: text('key_id').$type<ApiKeyId>(),
    surface: text('surface').$type<Surface>(),
    request_id: text('request_id'),
    subject: text('subject', { mode: 'json' }).$type<JournalEntry['subject']>().notNull(),
    refs: text('refs', { mode: 'json' }).$type<EntryRefs>().notNull(),
    data: text('data', { mode: 'json' }).$type<JournalEntry['data']>().notNull(),
    prev_hash: text('prev_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.project_id, table.seq] }),
    index('journal_type').on(table.project_id, table.type, table.seq),
    index('journal_invocation')
      .on(table.project_id, sql`refs ->> '$.invocation_id'`, table.seq)
      .where(sql`refs ->> '$.invocation_id' IS NOT NULL`),
    index('journal_agent')
      .on(table.project_id, sql`subject ->> '$.id'`, table.seq)
      .where(sql`subject ->> '$.type' = 'agent'`),
  ],
);

/** Where retention has cut a chain off: the last entry that is gone, signed by the router. */
export const journalCheckpoint = sqliteTable('journal_checkpoint', {
  projectId: text('project_id')
    .$type<ProjectId>()
    .primaryKey()
    .references(() => project.id),
  seq: integer('seq').notNull(),
  hash: text('hash').notNull(),
  at: integer('at').notNull(),
  signature: text('signature').notNull(),
});

/** How far a reader of a project's chain has come: webhooks, usage, signed heads. */
export const journalCursor = sqliteTable(
  'journal_cursor',
  {
    reader: text('reader').notNull(),
    projectId: text('project_id')
      .$type<ProjectId>()
      .notNull()
      .references(() => project.id),
    seq: integer('seq').notNull(),
  },
  (table) => [primaryKey({ columns: [table.reader, table.projectId] })],
);
