import { createHash, type Hash } from 'node:crypto';
import { stat, type FileHandle } from 'node:fs/promises';
import type { StoredStream } from '../../output.ts';
import type { Store } from '../../store.ts';
import { toCaller, unavailable } from '../failure.ts';
import type { OutputReader, OutputWriter } from '../query/output.ts';
import type { FilePool } from './file-pool.ts';
import type { StreamPlace } from './path.ts';
import { piecesOf, readStream } from './read.ts';

/** Up to here a stream is rows, beyond it continues in a file. */
const ROW_BYTES_MAX = 256 * 1024;

/** Pieces that wait are written together, at most this much at a time. */
const BATCH_BYTES_MAX = 1024 * 1024;

export interface StreamWriterContext {
  readonly rows: OutputReader;
  readonly writer: OutputWriter;
  readonly transact: Store['transact'];
  readonly files: FilePool;
  /** A file could not be made durable: its bytes may be lost though they can be read. */
  readonly onFatal: (err: unknown) => void;
}

export interface SealedStream extends StoredStream {
  readonly isFile: boolean;
}

interface Waiting {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly resolve: (stored: number) => void;
  readonly reject: (err: unknown) => void;
}

/** What is known of what is stored. */
interface Known {
  readonly isNew: boolean;
  readonly stored: number;
  readonly fileFrom: number | null;
}

interface Digest {
  /** Null while there is nothing to hash: most calls write to one of their streams only. */
  readonly hash: Hash | null;
  /** How many bytes are in the hash. */
  readonly bytes: number;
}

const EMPTY_DIGEST: Digest = { hash: null, bytes: 0 };
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const viewOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const sizeOf = async (path: string): Promise<number> => {
  const found = await stat(path).catch((err: NodeJS.ErrnoException) => {
    if (err.code === 'ENOENT') return null;
    throw err;
  });
  return found?.size ?? 0;
};

async function writeAll(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

/** Writes one stream, one thing after another; pieces that come meanwhile are written together. */
export class StreamWriter {
  readonly #context: StreamWriterContext;
  readonly #place: StreamPlace;
  readonly #waiting: Waiting[] = [];
  #known: Known | null = null;
  #digest = EMPTY_DIGEST;
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #scheduled = false;
  /** Where the stream ends once the rows on their way to the commit are stored. */
  #promised: number | null = null;

  constructor(context: StreamWriterContext, place: StreamPlace) {
    this.#context = context;
    this.#place = place;
  }

  get isIdle(): boolean {
    return this.#pending === 0;
  }

  /** Adds a piece, see `OutputStore.append`. */
  append(offset: number, bytes: Uint8Array): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ offset, bytes, resolve, reject });
      this.#schedule();
    });
  }

  /** How many bytes are stored. */
  async stored(): Promise<number> {
    return this.#known?.stored ?? this.#inTurn(async () => (await this.#know()).stored);
  }

  /** Tells what the stream holds and makes its file, if there is one, durable: see `OutputStore.seal`. */
  async seal(): Promise<SealedStream> {
    const isOnTheWay = this.#promised !== null && this.#promised === this.#digest.bytes;
    if (isOnTheWay && this.#waiting.length === 0) return this.#sealed(false);
    return this.#inTurn(async () => {
      while (this.#waiting.length > 0) await this.#writeWaiting();
      const { stored, fileFrom } = await this.#know();
      await this.#hashUpTo(stored);
      if (fileFrom !== null) await this.#sealFile();
      return this.#sealed(fileFrom !== null);
    });
  }

  /** Resolves when all that was begun has ended. */
  async rest(): Promise<void> {
    await this.#last;
  }

  #sealed(isFile: boolean): SealedStream {
    const { hash, bytes } = this.#digest;
    return { bytes, sha256: hash?.copy().digest('hex') ?? EMPTY_SHA256, isFile };
  }

  async #sealFile(): Promise<void> {
    try {
      await this.#context.files.seal(this.#place.path());
    } catch (err) {
      this.#forget();
      this.#context.onFatal(err);
      throw unavailable(err);
    }
  }

  /** Closes the file, and forgets what is known: `act` removes it. */
  remove(act: (path: string) => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#context.files.close(this.#place.path());
      this.#forget();
      await act(this.#place.path());
    });
  }

  /** Begins at once when nothing is under way: what a transaction is asked for is in its queue on return. */
  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    this.#pending += 1;
    const result = this.#pending === 1 ? act() : this.#last.then(act);
    this.#last = result.then(
      () => (this.#pending -= 1),
      () => (this.#pending -= 1),
    );
    return result;
  }

  #forget(): void {
    this.#known = null;
    this.#digest = EMPTY_DIGEST;
  }

  async #know(): Promise<Known> {
    this.#known ??= this.#lookAtRows() ?? (await this.#lookAtFile());
    return this.#known;
  }

  #lookUp(): { fileFrom: number | null } | null {
    const { projectId, name } = this.#place;
    const row = this.#context.rows.stream(name);
    if (row && row.projectId !== projectId) throw new Error(`${name.executionId} is another project's`);
    return row;
  }

  /** What is known of a stream in rows, without a wait; null when it has a file. */
  #lookAtRows(): Known | null {
    const row = this.#lookUp();
    if (row === null) return { isNew: true, stored: 0, fileFrom: null };
    if (row.fileFrom !== null) return null;
    return { isNew: false, stored: this.#context.rows.rowBytes(this.#place.name), fileFrom: null };
  }

  async #lookAtFile(): Promise<Known> {
    const fileFrom = this.#lookUp()?.fileFrom ?? 0;
    return { isNew: false, stored: fileFrom + (await sizeOf(this.#place.path())), fileFrom };
  }

  /** Has what waits written in turn: one batch, so that a stream that never pauses lets others in between. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    void this.#inTurn(async () => {
      this.#scheduled = false;
      await this.#writeWaiting();
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  async #writeWaiting(): Promise<void> {
    const batch: Waiting[] = [];
    await this.#writeBatch(batch).catch((err: unknown) => {
      this.#forget();
      for (const { reject } of batch.length > 0 ? batch : this.#waiting.splice(0)) reject(toCaller(err));
    });
  }

  /** Takes what waits, up to a limit, and stores what is new of it: a piece beyond the end is not stored. */
  async #writeBatch(batch: Waiting[]): Promise<void> {
    this.#known ??= this.#lookAtRows();
    const known = this.#known ?? (await this.#know());
    const { stored } = known;
    const fresh: Uint8Array[] = [];
    let end = stored;
    for (const piece of this.#waiting) {
      if (end - stored >= BATCH_BYTES_MAX) break;
      batch.push(piece);
      if (piece.offset > end) continue;
      const tail = piece.bytes.subarray(end - piece.offset);
      if (tail.length > 0) fresh.push(tail);
      end += tail.length;
    }
    this.#waiting.splice(0, batch.length);
    const [only] = fresh;
    if (only) await this.#store(known, fresh.length === 1 ? only : Buffer.concat(fresh));
    for (const { resolve } of batch) resolve(end);
  }

  async #store(known: Known, bytes: Uint8Array): Promise<void> {
    const { stored, fileFrom } = known;
    if (fileFrom === null && stored + bytes.length <= ROW_BYTES_MAX) await this.#storeInRows(known, bytes);
    else await this.#storeInFile(known, bytes);
  }

  /** The hash runs ahead of the commit; when that fails, all that is known is forgotten. */
  async #storeInRows({ isNew, stored }: Known, bytes: Uint8Array): Promise<void> {
    const { writer, transact } = this.#context;
    const { projectId, name } = this.#place;
    if (this.#digest.bytes === stored) this.#hash(bytes);
    this.#promised = stored + bytes.length;
    try {
      await transact(async () => {
        if (isNew) writer.insertStream({ ...name, projectId, fileFrom: null });
        let offset = stored;
        for (const piece of piecesOf(bytes)) {
          writer.insertChunk(name, { offset, bytes: viewOf(piece) });
          offset += piece.length;
        }
      });
    } finally {
      this.#promised = null;
    }
    this.#known = { isNew: false, stored: stored + bytes.length, fileFrom: null };
  }

  async #storeInFile({ isNew, stored, fileFrom: before }: Known, bytes: Uint8Array): Promise<void> {
    const fileFrom = before ?? stored;
    if (before === null) await this.#beginFile(isNew, fileFrom);
    await this.#context.files.use(this.#place.path(), (handle) => writeAll(handle, bytes, stored - fileFrom));
    this.#known = { isNew: false, stored: stored + bytes.length, fileFrom };
    if (this.#digest.bytes === stored) this.#hash(bytes);
  }

  async #beginFile(isNew: boolean, fileFrom: number): Promise<void> {
    const { writer, transact } = this.#context;
    const { projectId, name } = this.#place;
    await transact(async () => {
      if (isNew) writer.insertStream({ ...name, projectId, fileFrom });
      else writer.continueInFile(name, fileFrom);
    });
  }

  #hash(bytes: Uint8Array): void {
    const { hash, bytes: before } = this.#digest;
    this.#digest = { hash: (hash ?? createHash('sha256')).update(bytes), bytes: before + bytes.length };
  }

  /** Hashes what was stored before this process knew of it. */
  async #hashUpTo(end: number): Promise<void> {
    const { rows } = this.#context;
    const range = { from: this.#digest.bytes, to: end };
    if (range.from >= range.to) return;
    for await (const piece of readStream({ rows, ...this.#place }, range)) this.#hash(piece);
    if (this.#digest.bytes !== end)
      throw new Error(`${this.#place.path()} has ${this.#digest.bytes} bytes of ${end}`);
  }
}
