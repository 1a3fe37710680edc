import { OUTPUT_STREAMS, type ExecutionId, type OutputStream, type ProjectId } from '@xem/protocol';
import type { OutputWitness } from '../../output.ts';
import { unavailable } from '../failure.ts';
import { rowsOf } from '../rows.ts';
import { outputChunk, outputStream } from '../schema/output.ts';
import { prepareQuery, prepareWrite, type Session } from '../session.ts';

/** Which stream of which execution. */
export interface StreamName {
  readonly executionId: ExecutionId;
  readonly stream: OutputStream;
}

type StreamRow = (typeof outputStream)['$inferSelect'];
type Chunk = Pick<(typeof outputChunk)['$inferSelect'], 'offset' | 'bytes'>;

/** Reads of stored output on one connection. The rows of a stream have no gaps and begin at 0. */
export interface OutputReader {
  stream(name: StreamName): StreamRow | null;
  /** How many bytes of a stream are rows. */
  rowBytes(name: StreamName): number;
  /** The row that holds the byte at `offset`, if one does. */
  chunkAt(name: StreamName, offset: number): Chunk | null;
}

export interface OutputWriter {
  insertStream(row: StreamRow): void;
  insertChunk(name: StreamName, chunk: Chunk): void;
  continueInFile(name: StreamName, from: number): void;
  remove(projectId: ProjectId, executionId: ExecutionId): void;
}

export function outputReader(session: Session): OutputReader {
  const byName = rowsOf(session, outputStream).select('WHERE t.execution_id = ? AND t.stream = ?');
  const end = prepareQuery<{ bytes: number }>(
    session,
    `SELECT offset + length(bytes) AS bytes FROM output_chunk
      WHERE execution_id = ? AND stream = ? ORDER BY offset DESC LIMIT 1`,
  );
  const at = prepareQuery<Chunk>(
    session,
    `SELECT offset, bytes FROM output_chunk
      WHERE execution_id = ? AND stream = ? AND offset <= ? ORDER BY offset DESC LIMIT 1`,
  );
  return {
    stream: ({ executionId, stream }) => byName.one(executionId, stream),
    rowBytes: ({ executionId, stream }) => end.one(executionId, stream)?.bytes ?? 0,
    chunkAt: ({ executionId, stream }, offset) => {
      const chunk = at.one(executionId, stream, offset);
      return chunk && chunk.offset + chunk.bytes.length > offset ? chunk : null;
    },
  };
}

/** A stream in a file was durable when it was sealed; of one in rows the transaction must see them all. */
export function outputWitness(session: Session): OutputWitness {
  const reader = outputReader(session);
  const isThere = (name: StreamName, bytes: number): boolean =>
    bytes === 0 || reader.rowBytes(name) >= bytes || (reader.stream(name)?.fileFrom ?? null) !== null;
  return {
    confirm: async (executionId, sealed) => {
      for (const stream of OUTPUT_STREAMS) {
        if (isThere({ executionId, stream }, sealed[stream].bytes)) continue;
        throw unavailable(new Error(`${stream} of ${executionId} was sealed and could not be stored`));
      }
    },
  };
}

export function outputWriter(session: Session): OutputWriter {
  const insertStream = rowsOf(session, outputStream).insert();
  const insertChunk = rowsOf(session, outputChunk).insert();
  const continueInFile = prepareWrite(
    session,
    'UPDATE output_stream SET file_from = ? WHERE execution_id = ? AND stream = ?',
  );
  const removeChunks = prepareWrite(session, 'DELETE FROM output_chunk WHERE execution_id = ?');
  const removeStreams = prepareWrite(
    session,
    'DELETE FROM output_stream WHERE execution_id = ? AND project_id = ?',
  );
  return {
    insertStream: (row) => void insertStream(row),
    insertChunk: (name, chunk) => void insertChunk({ ...name, ...chunk }),
    continueInFile: ({ executionId, stream }, from) => void continueInFile(from, executionId, stream),
    remove: (projectId, executionId) => {
      removeChunks(executionId);
      removeStreams(executionId, projectId);
    },
  };
}
