import { createHash, type Hash } from 'node:crypto';
import { stat, type FileHandle } from 'node:fs/promises';
import type { ProjectId } from '@xem/protocol';
import type { StoredStream } from '../../output.ts';
import type { Store } from '../../store.ts';
import { toCaller, unavailable } from '../failure.ts';
import type { OutputReader, OutputWriter, StreamName } from '../query/output.ts';
import type { FilePool } from './file-pool.ts';
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

interface Place {
  readonly projectId: ProjectId;
  readonly name: StreamName;
  readonly path: string;
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
  readonly hash: Hash;
  /** How many bytes are in the hash. */
  readonly bytes: number;
}

const emptyDigest = (): Digest => ({ hash: createHash('sha256'), bytes: 0 });

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
  readonly #place: Place;
  readonly #waiting: Waiting[] = [];
  #known: Known | null = null;
  #digest = emptyDigest();
  #last: Promise<unknown> = Promise.resolve();
  #pending = 0;
  #scheduled = false;

  constructor(context: StreamWriterContext, place: Place) {
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

  /** Makes the stream durable and closes its file; tells whether there is one. */
  seal(): Promise<SealedStream> {
    return this.#inTurn(async () => {
      while (this.#waiting.length > 0) await this.#writeWaiting();
      const { stored, fileFrom } = await this.#know();
      await this.#hashUpTo(stored);
      if (fileFrom !== null) await this.#sealFile();
      const sha256 = this.#digest.hash.copy().digest('hex');
      return { bytes: stored, sha256, isFile: fileFrom !== null };
    });
  }

  async #sealFile(): Promise<void> {
    try {
      await this.#context.files.seal(this.#place.path);
    } catch (err) {
      this.#forget();
      this.#context.onFatal(err);
      throw unavailable(err);
    }
  }

  /** Closes the file, and forgets what is known: `act` removes it. */
  remove(act: (path: string) => Promise<void>): Promise<void> {
    return this.#inTurn(async () => {
      await this.#context.files.close(this.#place.path);
      this.#forget();
      await act(this.#place.path);
    });
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    this.#pending += 1;
    const result = this.#last.then(act);
    this.#last = result.then(
      () => (this.#pending -= 1),
      () => (this.#pending -= 1),
    );
    return result;
  }

  #forget(): void {
    this.#known = null;
    this.#digest = emptyDigest();
  }

  async #know(): Promise<Known> {
    this.#known ??= await this.#look();
    return this.#known;
  }

  async #look(): Promise<Known> {
    const { projectId, name, path } = this.#place;
    const row = this.#context.rows.stream(name);
    if (row && row.projectId !== projectId) throw new Error(`${name.executionId} is another project's`);
    const fileFrom = row?.fileFrom ?? null;
    const stored = fileFrom === null ? this.#context.rows.rowBytes(name) : fileFrom + (await sizeOf(path));
    return { isNew: row === null, stored, fileFrom };
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
    const { stored } = await this.#know();
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
    if (only) await this.#store(fresh.length === 1 ? only : Buffer.concat(fresh));
    for (const { resolve } of batch) resolve(end);
  }

  async #store(bytes: Uint8Array): Promise<void> {
    const { isNew, stored, fileFrom } = await this.#know();
    const rowRoom = fileFrom === null ? Math.max(0, ROW_BYTES_MAX - stored) : 0;
    const asRows = bytes.length <= rowRoom ? bytes : bytes.subarray(0, 0);
    const asFile = bytes.subarray(asRows.length);
    const newFileFrom = fileFrom ?? (asFile.length > 0 ? stored : null);
    if (isNew || asRows.length > 0 || newFileFrom !== fileFrom) {
      await this.#storeRows(asRows, newFileFrom);
    }
    if (newFileFrom !== null) {
      await this.#context.files.use(this.#place.path, (handle) =>
        writeAll(handle, asFile, stored - newFileFrom),
      );
    }
    this.#known = { isNew: false, stored: stored + bytes.length, fileFrom: newFileFrom };
    if (this.#digest.bytes === stored) this.#hash(bytes);
  }

  async #storeRows(bytes: Uint8Array, fileFrom: number | null): Promise<void> {
    const { isNew, stored, fileFrom: before } = await this.#know();
    const { writer, transact } = this.#context;
    const { projectId, name } = this.#place;
    await transact(async () => {
      if (isNew) writer.insertStream({ ...name, projectId, fileFrom });
      else if (fileFrom !== before) writer.continueInFile(name, fileFrom ?? 0);
      let offset = stored;
      for (const piece of piecesOf(bytes)) {
        writer.insertChunk(name, { offset, bytes: viewOf(piece) });
        offset += piece.length;
      }
    });
  }

  #hash(bytes: Uint8Array): void {
    this.#digest = { hash: this.#digest.hash.update(bytes), bytes: this.#digest.bytes + bytes.length };
  }

  /** Hashes what was stored before this process knew of it. */
  async #hashUpTo(end: number): Promise<void> {
    const { rows } = this.#context;
    const range = { from: this.#digest.bytes, to: end };
    if (range.from >= range.to) return;
    for await (const piece of readStream({ rows, ...this.#place }, range)) this.#hash(piece);
    if (this.#digest.bytes !== end)
      throw new Error(`${this.#place.path} has ${this.#digest.bytes} bytes of ${end}`);
  }
}
