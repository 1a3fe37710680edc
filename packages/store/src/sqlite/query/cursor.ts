import type { CursorReader, CursorWriter } from '../../journal.ts';
import { rowsOf } from '../rows.ts';
import { journalCursor } from '../schema/journal.ts';
import { prepareWrite, type Session } from '../session.ts';

/** Reads of how far readers of the journal have come, on one connection. */
export function cursorReader(session: Session): CursorReader {
  const byReader = rowsOf(session, journalCursor).select('WHERE t.reader = ? AND t.project_id = ?');
  return { get: async (reader, projectId) => byReader.one(reader, projectId)?.seq ?? 0 };
}

/** Reads and writes of how far readers of the journal have come. */
export function cursorWriter(session: Session): CursorWriter {
  const write = rowsOf(session, journalCursor).insert('INSERT OR REPLACE');
  const remove = prepareWrite(session, 'DELETE FROM journal_cursor WHERE reader = ? AND project_id = ?');
  return {
    ...cursorReader(session),
    set: async (reader, projectId, seq) => void write({ reader, projectId, seq }),
    remove: async (reader, projectId) => void remove(reader, projectId),
  };
}
