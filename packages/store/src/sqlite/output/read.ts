import { open } from 'node:fs/promises';
import type { OutputReader, StreamName } from '../query/output.ts';
import type { StreamPlace } from './path.ts';

/** Readers get pieces of at most this many bytes. */
const PIECE_BYTES_MAX = 64 * 1024;

/** A file is read this much at a time: a trip to the thread pool costs more than the copy. */
const FILE_READ_BYTES = 4 * PIECE_BYTES_MAX;

/** Half open. */
interface Range {
  readonly from: number;
  readonly to: number;
}

export function* piecesOf(bytes: Uint8Array): Iterable<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PIECE_BYTES_MAX) yield bytes.subarray(at, at + PIECE_BYTES_MAX);
}

function* readRows(rows: OutputReader, name: StreamName, { from, to }: Range): Generator<Uint8Array, number> {
  let at = from;
  while (at < to) {
    const chunk = rows.chunkAt(name, at);
    if (!chunk) break;
    const bytes = chunk.bytes.subarray(at - chunk.offset, to - chunk.offset);
    yield* piecesOf(bytes);
    at += bytes.length;
  }
  return at;
}

async function* readFile(path: string, { from, to }: Range): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    let [at, bytesRead] = [from, -1];
    while (at < to && bytesRead !== 0) {
      const buffer = Buffer.allocUnsafe(Math.min(FILE_READ_BYTES, to - at));
      ({ bytesRead } = await handle.read(buffer, 0, buffer.length, at));
      yield* piecesOf(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

interface Source extends StreamPlace {
  readonly rows: OutputReader;
}

/**
 * The stored bytes of a stream within a range, first its rows, then its file. Ends where the stored bytes end; a
 * stream of another project has none.
 */
export async function* readStream(source: Source, range: Range): AsyncGenerator<Uint8Array> {
  const { rows, name, projectId } = source;
  if (rows.stream(name)?.projectId !== projectId) return;
  const at = yield* readRows(rows, name, range);
  if (at >= range.to) return;
  const fileFrom = rows.stream(name)?.fileFrom ?? null;
  if (fileFrom === null || at < fileFrom) return;
  yield* readFile(source.path(), { from: at - fileFrom, to: range.to - fileFrom });
}
