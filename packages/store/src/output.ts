import type { ExecutionId, OutputStream, ProjectId } from '@xem/protocol';

/** A piece of output at its place in its stream. */
export interface OutputPiece {
  readonly projectId: ProjectId;
  readonly executionId: ExecutionId;
  readonly stream: OutputStream;
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Length and SHA-256 of what is stored of a stream. */
export interface StoredStream {
  readonly bytes: number;
  readonly sha256: string;
}

/** The bytes tools wrote. Small streams are rows, large ones files; nobody outside can tell. */
export interface OutputStore {
  /**
   * Adds a piece and answers how many bytes of the stream are stored now. A piece that was stored before changes
   * nothing; one beyond the end is not stored, which the answer shows.
   */
  append(piece: OutputPiece): Promise<number>;
  /** How many bytes of each stream are stored. */
  stored(executionId: ExecutionId): Promise<Readonly<Record<OutputStream, number>>>;
  /** Makes everything durable, closes files, and answers what is there. Called before the result's commit. */
  seal(projectId: ProjectId, executionId: ExecutionId): Promise<Readonly<Record<OutputStream, StoredStream>>>;
  /** Bytes `from` up to but not `to`, in pieces of at most 64 KiB. Reads what was appended so far. */
  read(range: {
    readonly projectId: ProjectId;
    readonly executionId: ExecutionId;
    readonly stream: OutputStream;
    readonly from: number;
    readonly to: number;
  }): AsyncIterable<Uint8Array>;
  remove(projectId: ProjectId, executionId: ExecutionId): Promise<void>;
}
