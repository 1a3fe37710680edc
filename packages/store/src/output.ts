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

/** Both streams of an execution as `seal` found them. */
export type SealedOutput = Readonly<Record<OutputStream, StoredStream>>;

/** What a transaction asks of output that it relies on. */
export interface OutputWitness {
  /**
   * Makes sure that the transaction is durable only together with what `seal` answered.
   * @throws ExecError unavailable when the bytes were not stored after all
   */
  confirm(executionId: ExecutionId, sealed: SealedOutput): Promise<void>;
}

/** A place in the order in which outputs expire. */
export interface ExpiryPlace {
  readonly expiresAt: number;
  readonly row: number;
}

/** Some of the outputs that have expired and are still stored. */
export interface ExpiredOutputs {
  readonly outputs: readonly { readonly projectId: ProjectId; readonly executionId: ExecutionId }[];
  /** How far it looked: where to go on. */
  readonly place: ExpiryPlace | null;
  /** Whether there may be more that has expired. */
  readonly more: boolean;
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
  /**
   * Answers what was appended before, closes files and makes them durable. Pieces of a small stream may still be on
   * the way to the commit then: a transaction that is asked for at once shares it, and whatever relies on the answer
   * confirms it with `tx.outputs`, so that it fails when they fail.
   */
  seal(projectId: ProjectId, executionId: ExecutionId): Promise<SealedOutput>;
  /** Bytes `from` up to but not `to`, in pieces of at most 64 KiB. Reads what was appended so far. */
  read(range: {
    readonly projectId: ProjectId;
    readonly executionId: ExecutionId;
    readonly stream: OutputStream;
    readonly from: number;
    readonly to: number;
  }): AsyncIterable<Uint8Array>;
  /** Looks at no more than `limit` executions whose output expired at or before `now`, those first that did so first. */
  expired(
    now: number,
    slice: { readonly after: ExpiryPlace | null; readonly limit: number },
  ): Promise<ExpiredOutputs>;
  /** Removes both streams, files before rows: after a crash in between the output is still found as expired. */
  remove(projectId: ProjectId, executionId: ExecutionId): Promise<void>;
}
