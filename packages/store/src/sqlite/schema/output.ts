import type { ExecutionId, OutputStream, ProjectId } from '@xem/protocol';
import { blob, foreignKey, integer, primaryKey, sqliteTable, text } from '../drizzle.ts';
import { execution } from './execution.ts';

/** A stream that has bytes. From `fileFrom` on they are in its file; null says that all of them are rows. */
export const outputStream = sqliteTable(
  'output_stream',
  {
    executionId: text('execution_id')
      .$type<ExecutionId>()
      .notNull()
      .references(() => execution.id),
    stream: text('stream').$type<OutputStream>().notNull(),
    projectId: text('project_id').$type<ProjectId>().notNull(),
    fileFrom: integer('file_from'),
  },
  (table) => [primaryKey({ columns: [table.executionId, table.stream] })],
);

export const outputChunk = sqliteTable(
  'output_chunk',
  {
    executionId: text('execution_id').$type<ExecutionId>().notNull(),
    stream: text('stream').$type<OutputStream>().notNull(),
    offset: integer('offset').notNull(),
    bytes: blob('bytes', { mode: 'buffer' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.executionId, table.stream, table.offset] }),
    foreignKey({
      columns: [table.executionId, table.stream],
      foreignColumns: [outputStream.executionId, outputStream.stream],
    }),
  ],
);
