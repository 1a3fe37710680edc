import { HEARTBEAT_MS, STREAM_EVENTS } from '@xem/protocol';
import { errorOfEnvelope, errorOfResponse } from './answer.ts';
import { ClientError } from './client-error.ts';
import { layOut, type Target } from './request.ts';
import { recover, type Patience } from './retry.ts';
import type { Route } from './route.ts';
import { readMessages, type SseMessage } from './sse.ts';
import { broken, send, type Fetch } from './wire.ts';

/** Who follows, and how patiently. */
export interface StreamContext extends Target, Patience {
  readonly fetch?: Fetch | undefined;
}

/** What is followed. `input` is that of the first request; later ones go on from the last id. */
export interface StreamSource {
  readonly route: Route<'invocation.stream'> | Route<'execution.stream'>;
  readonly input: object;
  /** The input of a request that goes on from an id. */
  readonly resumed: object;
}

/** That there is no stream to be had here, and a caller should look now and then instead. */
export class NoStream extends Error {
  override readonly name = 'NoStream';
}

/** Half a minute of nobody there, and a restart of the router is long over. */
const FOLLOW_TRIES = 10;
const SILENCE_MS_MAX = 3 * HEARTBEAT_MS;
/** Longer than a heartbeat: whoever is silent that long from the start holds the stream back. */
const FIRST_BYTES_MS_MAX = 20_000;
const NO_STREAM_STATUSES = new Set([405, 406, 415, 501]);

async function open(
  ctx: StreamContext,
  source: StreamSource,
  { lastId, signal }: Readonly<Follower>,
): Promise<Response> {
  const input = lastId === null ? source.input : source.resumed;
  const wire = layOut(
    ctx,
    { route: source.route, input },
    {
      accept: 'text/event-stream',
      ...(lastId !== null && { extra: { 'last-event-id': lastId } }),
    },
  );
  const response = await send(ctx.fetch ?? fetch, wire, signal);
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (response.ok && isStream) return response;
  const error = response.ok ? null : await errorOfResponse(response);
  await response.body?.cancel().catch(() => undefined);
  if (!error || error.code === 'route_not_found' || NO_STREAM_STATUSES.has(response.status))
    throw new NoStream('the router has no stream here', { cause: error });
  throw error;
}

interface Follower {
  lastId: string | null;
  readonly signal: AbortSignal;
}

/** Passes events on and keeps the position that the next connection begins at. */
async function* forward(
  messages: AsyncGenerator<SseMessage, void, void>,
  response: Response,
  follower: Follower,
): AsyncGenerator<SseMessage, void, void> {
  for await (const message of messages) {
    if (message.event === STREAM_EVENTS.error) refuse(message, response);
    if (message.event !== null) yield message;
    follower.lastId = message.id ?? follower.lastId;
  }
}

function refuse(message: SseMessage, response: Response): never {
  const parsed: unknown = JSON.parse(message.data);
  throw (
    errorOfEnvelope(parsed, response) ??
    new ClientError({ kind: 'malformed', code: 'internal', message: 'the stream ended with an error' })
  );
}

/** One connection, until it ends or breaks; returns why it did, an `error` event among the reasons. */
async function* connect(
  ctx: StreamContext,
  source: StreamSource,
  follower: Follower,
): AsyncGenerator<SseMessage, unknown, void> {
  const { signal } = follower;
  const watch = watchSilence(ctx);
  try {
    const both = AbortSignal.any([signal, watch.signal]);
    const response = await open(ctx, source, { lastId: follower.lastId, signal: both });
    yield* forward(readMessages(response, watch.onBytes), response, follower);
    return broken(ctx.baseUrl, new Error('the stream ended early'), signal);
  } catch (error) {
    const known = error instanceof ClientError || error instanceof NoStream;
    return known ? error : broken(ctx.baseUrl, error, signal);
  } finally {
    watch.stop();
  }
}

interface SilenceWatch {
  readonly signal: AbortSignal;
  readonly onBytes: () => void;
  readonly stop: () => void;
}

/** Aborts a connection that says nothing: at once for good when it never said anything. */
function watchSilence({ clock }: StreamContext): SilenceWatch {
  const controller = new AbortController();
  let disarm = clock.after(FIRST_BYTES_MS_MAX, () =>
    controller.abort(new NoStream('the stream is held back')),
  );
  return {
    signal: controller.signal,
    onBytes: () => {
      disarm();
      disarm = clock.after(SILENCE_MS_MAX, () => controller.abort(new Error('the stream fell silent')));
    },
    stop: () => {
      disarm();
      controller.abort();
    },
  };
}

/**
 * Follows a stream over as many connections as it takes, each going on from the last id, until the reader stops.
 * @throws NoStream, ClientError, or the reason of the signal
 */
export async function* followMessages(
  ctx: StreamContext,
  source: StreamSource,
  signal: AbortSignal,
): AsyncGenerator<SseMessage, never, void> {
  const follower: Follower = { lastId: null, signal };
  for (let tried = 1; ; tried += 1) {
    const before = follower.lastId;
    const error = yield* connect(ctx, source, follower);
    if (follower.lastId !== before) tried = 1;
    await recover(ctx, { error, tried, tries: FOLLOW_TRIES }, signal);
  }
}
