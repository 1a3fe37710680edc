import type { ExecutionId, ProjectId } from '@xem/protocol';
import type { Checkpoint, JournalReader, JournalWriter } from '../../journal.ts';
import type { OutputStore } from '../../output.ts';
import { rowsOf } from '../rows.ts';
import { journalCheckpoint } from '../schema/journal.ts';
import { prepareQuery, prepareWrite, type Session } from '../session.ts';

interface Expired {
  readonly projectId: ProjectId;
  readonly executionId: ExecutionId;
  readonly expiresAt: number;
  readonly row: number;
  readonly stored: 0 | 1;
}

/** Walks the index of expiries; an execution without stored streams is passed by without a look at its row. */
const EXPIRED = `
  SELECT e.project_id AS projectId, e.id AS executionId, e.output_expires_at AS expiresAt, e.rowid AS row,
    EXISTS (SELECT 1 FROM output_stream s WHERE s.execution_id = e.id) AS stored
  FROM execution e
  WHERE e.output_expires_at <= ? AND (e.output_expires_at, e.rowid) > (?, ?)
  ORDER BY e.output_expires_at, e.rowid LIMIT ?`;

/** Reads which outputs have expired. */
export function expiredOutputs(session: Session): OutputStore['expired'] {
  const expired = prepareQuery<Expired>(session, EXPIRED);
  return async (now, { after, limit }) => {
    const rows = expired.all(now, after?.expiresAt ?? 0, after?.row ?? 0, limit);
    const last = rows.at(-1);
    return {
      outputs: rows.filter(({ stored }) => stored === 1),
      place: last ? { expiresAt: last.expiresAt, row: last.row } : after,
      more: rows.length === limit,
    };
  };
}

/** Reads of what retention may take of a chain, and of where it has cut one off. */
export function retentionReader(session: Session): Pick<JournalReader, 'checkpoint' | 'slowestReader'> {
  const checkpoint = rowsOf(session, journalCheckpoint).select('WHERE t.project_id = ?');
  const slowest = prepareQuery<{ seq: number | null }>(
    session,
    'SELECT min(seq) AS seq FROM journal_cursor WHERE project_id = ?',
  );
  return {
    checkpoint: async (projectId) => checkpoint.one(projectId),
    slowestReader: async (projectId) => slowest.one(projectId)?.seq ?? null,
  };
}

/** Takes the beginning of a chain away. */
export function retentionWriter(session: Session): Pick<JournalWriter, 'cut'> {
  const put = rowsOf(session, journalCheckpoint).insert('INSERT OR REPLACE');
  const remove = prepareWrite(session, 'DELETE FROM journal WHERE project_id = ? AND seq <= ?');
  return {
    cut: async (checkpoint: Checkpoint) => {
      put(checkpoint);
      return remove(checkpoint.projectId, checkpoint.seq);
    },
  };
}
