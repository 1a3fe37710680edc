import { existsSync, statSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { StreamSummary } from '@xem/protocol';
import { createDigest } from './digest.ts';
import { untilGrown, type Growth } from './growth.ts';
import { blot, coveredBytes, finalSpans, type Mask, type Span } from './mask.ts';
import type { OutputChunk, RunEnd, RunOutput } from './run.ts';

/** Bytes of a chunk at most: what one `output` frame carries. */
export const CHUNK_BYTES_MAX = 64 * 1024;

/** Read from disk at a time. */
const WINDOW_BYTES = 256 * 1024;

/** A file of the spool that a tool writes. */
export interface SpoolStream {
  readonly path: string;
  /** What is kept of it; a byte more and the stream is truncated. */
  readonly bytesMax: number;
  readonly mask: Mask;
  readonly growth: Growth;
}

interface Window {
  readonly raw: Buffer;
  /** Offset of `raw` in the stream. */
  readonly start: number;
  readonly spans: readonly Span[];
  /** Bytes before this offset are decided and may leave. */
  readonly until: number;
}

/** The size of a file in bytes, 0 while there is none. */
export const fileBytes = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

async function readAt(file: FileHandle, start: number, length: number): Promise<Buffer> {
  const raw = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(raw, filled, length - filled, start + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return raw.subarray(0, filled);
}

/** Reads what is decided from `at` on, starting as far back as a secret can reach. */
async function readWindow(stream: SpoolStream, file: FileHandle, at: number): Promise<Window> {
  const { mask, bytesMax, path } = stream;
  const { ended } = stream.growth;
  const size = fileBytes(path);
  const start = Math.max(0, at - mask.reach);
  const wanted = Math.min(size, bytesMax, at + WINDOW_BYTES + mask.reach);
  const raw = await readAt(file, start, Math.max(0, wanted - start));
  const isLast = ended && start + raw.length >= Math.min(size, bytesMax);
  if (isLast) return { raw, start, spans: finalSpans(mask, raw, size > bytesMax), until: start + raw.length };
  return { raw, start, spans: mask.cover(raw), until: start + mask.openFrom(raw) };
}

function* slice({ raw, start, spans, until }: Window, from: number): Generator<OutputChunk> {
  blot(raw, spans);
  for (let offset = from; offset < until; offset += CHUNK_BYTES_MAX) {
    const begin = offset - start;
    const end = Math.min(begin + CHUNK_BYTES_MAX, until - start);
    yield { offset, bytes: raw.subarray(begin, end), masked: coveredBytes(spans, begin, end) };
  }
}

/** What is decided from an offset on; null when that is nothing. Opens the file when there is something in it. */
function createWindows(stream: SpoolStream) {
  let file: FileHandle | null = null;
  return {
    read: async (at: number): Promise<Window | null> => {
      if (at >= Math.min(fileBytes(stream.path), stream.bytesMax)) return null;
      file ??= await open(stream.path);
      const window = await readWindow(stream, file, at);
      return window.until > at ? window : null;
    },
    [Symbol.asyncDispose]: async (): Promise<void> => file?.close(),
  };
}

async function* follow(stream: SpoolStream, from: number, signal?: AbortSignal): AsyncGenerator<OutputChunk> {
  await using windows = createWindows(stream);
  let at = from;
  for (let ended = false; !ended;) {
    ({ ended } = stream.growth);
    const grown = stream.growth.next();
    for (let window = await windows.read(at); window; window = await windows.read(at)) {
      yield* slice(window, at);
      at = window.until;
    }
    if (!ended) await untilGrown(grown, signal);
  }
}

/** Why nobody can vouch for a stream of a tool that ended; null when it is whole as far as can be told. */
function faultOf(
  { path }: SpoolStream,
  seen: number,
  { exit_code }: Pick<RunEnd, 'exit_code'>,
): string | null {
  if (exit_code !== null && !existsSync(path)) return `${path} was removed`;
  return fileBytes(path) < seen ? `${path} was cut` : null;
}

/**
 * A stream in the spool. Its hash is taken along by the first reader and completed when it is asked for; the summary
 * rejects when somebody removed or cut the file.
 */
export function createSpoolOutput(stream: SpoolStream, ended: Promise<Pick<RunEnd, 'exit_code'>>): RunOutput {
  const digest = createDigest();
  async function* read(from = 0, signal?: AbortSignal): AsyncGenerator<OutputChunk> {
    for await (const chunk of follow(stream, from, signal)) {
      digest.take(chunk);
      yield chunk;
    }
  }
  const takeRest = async (): Promise<void> => {
    for await (const chunk of follow(stream, digest.at)) {
      if (!digest.take(chunk)) return;
    }
  };
  const complete = async (): Promise<StreamSummary> => {
    const end = await ended;
    const fault = faultOf(stream, digest.at, end);
    if (fault !== null) throw new Error(fault);
    const size = fileBytes(stream.path);
    while (digest.at < Math.min(size, stream.bytesMax)) {
      await takeRest();
      if (fileBytes(stream.path) < size) throw new Error(`${stream.path} was cut`);
    }
    return digest.summary(size > stream.bytesMax);
  };
  let summary: Promise<StreamSummary> | null = null;
  return { read, summary: () => (summary ??= complete()) };
}
