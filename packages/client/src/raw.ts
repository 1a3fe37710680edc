import type { OutputStream } from '@xem/protocol';
import { createHash, type Hash } from 'node:crypto';
import { errorOfResponse } from './answer.ts';
import { ClientError } from './client-error.ts';
import { layOut, type Target } from './request.ts';
import { recover, retrying, TRIES, type Patience } from './retry.ts';
import { ROUTES } from './route.ts';
import { broken, send, type Fetch } from './wire.ts';

/** How a download is made. */
export interface RawOptions {
  /** Bytes that the caller has already. */
  readonly from?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** One stream of a run. */
export interface RawOutput {
  /** Length of the whole stream in bytes. */
  readonly bytes: number;
  /** SHA-256 of the whole stream, as the router says; checked at the end of a download from byte 0. */
  readonly sha256: string | null;
  /** True when the run wrote more than was kept. */
  readonly truncated: boolean;
  /** The bytes from `from` on. Must be read to the end or returned. */
  readonly body: AsyncGenerator<Uint8Array, void, void>;
}

interface RawContext extends Target, Patience {
  readonly fetch?: Fetch | undefined;
}

interface RawRequest extends RawOptions {
  readonly executionId: string;
  readonly stream: OutputStream;
}

interface Opened {
  readonly response: Response;
  readonly url: string;
  readonly total: number;
  readonly etag: string | null;
}

interface Download {
  readonly request: RawRequest;
  readonly signal: AbortSignal;
  readonly hash: Hash | null;
  at: number;
}

const changed = (opened: Response): ClientError =>
  new ClientError({
    kind: 'malformed',
    code: 'internal',
    message: 'the router answered with other bytes than it began with',
    status: opened.status,
    requestId: opened.headers.get('x-request-id'),
  });

/** Length of the whole stream: from `Content-Range: bytes 5-9/10`, else from `Content-Length`. */
function totalOf(response: Response): number {
  const range = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '');
  return Number(range?.[1] ?? response.headers.get('content-length') ?? Number.NaN);
}

async function open(ctx: RawContext, download: Download, etag: string | null): Promise<Opened> {
  const { request, signal, at } = download;
  const input = { id: request.executionId, stream: request.stream };
  const resume = at > 0 && { range: `bytes=${at}-`, ...(etag !== null && { 'if-range': etag }) };
  const wire = layOut(
    ctx,
    { route: ROUTES['execution.raw'], input },
    {
      accept: 'application/octet-stream',
      extra: { 'accept-encoding': 'identity', ...resume },
    },
  );
  const response = await send(ctx.fetch ?? fetch, wire, signal);
  const atEnd = response.status === 416 && totalOf(response) === at;
  if (!response.ok && !atEnd) throw await errorOfResponse(response);
  const opened = { response, url: wire.url, total: totalOf(response), etag: response.headers.get('etag') };
  if (at > 0 && !atEnd && response.status !== 206) throw changed(response);
  if (etag !== null && opened.etag !== null && etag !== opened.etag) throw changed(response);
  return opened;
}

/** Reads one connection to its end, moving `at` on. Ends early, without a throw, when the connection breaks. */
async function* readOne({ response }: Opened, download: Download): AsyncGenerator<Uint8Array, unknown, void> {
  const reader = response.body?.getReader();
  if (!reader) return undefined;
  const read = () => reader.read().catch((error: unknown) => ({ done: true as const, error }));
  try {
    let next = await read();
    for (; !next.done; next = await read()) {
      download.at += next.value.byteLength;
      download.hash?.update(next.value);
      yield next.value;
    }
    return 'error' in next ? next.error : undefined;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* readAll(
  ctx: RawContext,
  first: Opened,
  download: Download,
): AsyncGenerator<Uint8Array, void, void> {
  let opened = first;
  for (let tried = 1; ; tried += 1) {
    const before = download.at;
    const cause = yield* readOne(opened, download);
    if (download.signal.aborted) throw download.signal.reason;
    if (download.at === first.total || (cause === undefined && Number.isNaN(first.total))) break;
    if (download.at > before) tried = 1;
    const error = broken(opened.url, cause ?? new Error('the answer ended early'), download.signal);
    if (download.at > first.total) throw changed(first.response);
    await recover(ctx, { error, tried, tries: TRIES }, download.signal);
    opened = await retrying(ctx, download.signal, () => open(ctx, download, first.etag));
  }
  const expected = first.response.headers.get('x-content-sha256');
  if (download.hash && expected !== null && download.hash.digest('hex') !== expected)
    throw changed(first.response);
}

/** Opens a download. @throws ClientError: execution_not_found, invalid_state, output_expired and those of any call */
export async function readRaw(ctx: RawContext, request: RawRequest): Promise<RawOutput> {
  const from = request.from ?? 0;
  const signal = request.signal ?? new AbortController().signal;
  const hash = from === 0 ? createHash('sha256') : null;
  const download: Download = { request, signal, hash, at: from };
  const first = await retrying(ctx, signal, () => open(ctx, download, null));
  const { headers } = first.response;
  return {
    bytes: first.total,
    sha256: headers.get('x-content-sha256'),
    truncated: headers.get('x-exec-truncated') === 'true',
    body: readAll(ctx, first, download),
  };
}
