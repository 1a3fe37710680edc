import type { OutputStream } from '@xem/protocol';
import type { Clock, IdSource } from '@xem/runtime';
import { readAnswer, type Answer } from './answer.ts';
import { ClientError } from './client-error.ts';
import type { InvocationEvent, JournalEvent } from './follow.ts';
import type { RawOptions, RawOutput } from './raw.ts';
import { layOut, type Target, type WireRequest } from './request.ts';
import { retrying } from './retry.ts';
import type { Input, OperationId, Output, Route } from './route.ts';
import { broken, send, withDeadline, type Fetch } from './wire.ts';

/** What a client is made of. */
export interface ClientOptions extends Target {
  readonly clock: Clock;
  /** Spreads retries; without it delays have no jitter. */
  readonly ids?: Pick<IdSource, 'bytes'> | undefined;
  /** `fetch` of the platform by default. */
  readonly fetch?: Fetch | undefined;
  /** Told of every answer, for a debug log. */
  readonly onAnswer?: ((request: WireRequest, response: Response) => void) | undefined;
}

/** How one call is made. */
export interface CallOptions {
  /** Makes a POST safe to repeat, and so retried. */
  readonly idempotencyKey?: string | undefined;
  /** Asks the router to wait for the end of an invocation, at most 60. */
  readonly waitSeconds?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** For all tries together; 60,000 and the wait by default. */
  readonly timeoutMs?: number | undefined;
}

/** How a stream is followed. */
export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
  /** Between two looks when there is no stream to be had; 2,000 by default. */
  readonly pollMs?: number | undefined;
}

/** Where to begin in the journal, and what to leave out. */
export interface JournalPosition {
  readonly afterSeq?: number | undefined;
  /** Types of entries, with commas between. */
  readonly types?: string | undefined;
}

/** A typed client of the REST API. It keeps no connection that must be closed. */
export interface Client {
  /** Sends one operation. @throws ClientError, or the reason of the caller's signal */
  call<const Id extends OperationId>(
    route: Route<Id>,
    input: Input<Id>,
    options?: CallOptions,
  ): Promise<Answer<Output<Id>>>;
  /** The exact bytes of one stream of a run; a broken download goes on where it broke. @throws ClientError */
  raw(executionId: string, stream: OutputStream, options?: RawOptions): Promise<RawOutput>;
  /** The bytes that an operation answers as it makes them; what breaks off is not begun again. @throws ClientError */
  download<const Id extends OperationId>(
    route: Route<Id>,
    input: Input<Id>,
    signal?: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, void>;
  /** Follows an invocation until it is settled, by polling when there is no stream. @throws ClientError */
  followInvocation(id: string, options?: FollowOptions): AsyncGenerator<InvocationEvent, void, void>;
  /** Follows the journal of the project without an end, by polling when there is no stream. @throws ClientError */
  followJournal(position: JournalPosition, options?: FollowOptions): AsyncGenerator<JournalEvent, void, void>;
  /** What a call would send, without sending it. */
  layOut<const Id extends OperationId>(route: Route<Id>, input: Input<Id>): WireRequest;
}

const TIMEOUT_MS = 60_000;

async function exchange(
  options: ClientOptions,
  request: WireRequest,
  signal: AbortSignal,
): Promise<Answer<unknown>> {
  const response = await send(options.fetch ?? fetch, request, signal);
  options.onAnswer?.(request, response);
  try {
    return await readAnswer(response);
  } catch (error) {
    throw error instanceof ClientError ? error : broken(request.url, error, signal);
  }
}

async function callOnce(
  options: ClientOptions,
  request: WireRequest,
  call: CallOptions,
): Promise<Answer<unknown>> {
  const timeoutMs = call.timeoutMs ?? TIMEOUT_MS + (call.waitSeconds ?? 0) * 1000;
  const { signal, clear } = withDeadline(options.clock, timeoutMs, call.signal);
  const safe = request.method === 'GET' || call.idempotencyKey !== undefined;
  const attempt = (): Promise<Answer<unknown>> => exchange(options, request, signal);
  try {
    return await (safe ? retrying(options, signal, attempt) : attempt());
  } finally {
    clear();
  }
}

/** Makes a client of one router for one key. */
export function createClient(options: ClientOptions): Client {
  const client: Client = {
    call: async <const Id extends OperationId>(
      route: Route<Id>,
      input: Input<Id>,
      call: CallOptions = {},
    ) => {
      const answer = await callOnce(options, layOut(options, { route, input }, call), call);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the router is held to the operation's schema
      return answer as Answer<Output<Id>>;
    },
    // Streams and downloads are loaded by those who ask for them: a command that lists starts faster without.
    raw: async (executionId, stream, raw = {}) => {
      const { readRaw } = await import('./raw.ts');
      return readRaw(options, { executionId, stream, ...raw });
    },
    download: async function* download(route, input, signal) {
      const { readDownload } = await import('./download.ts');
      yield* readDownload(options, layOut(options, { route, input }, { accept: '*/*' }), signal);
    },
    followInvocation: async function* follow(id, how = {}) {
      const { followInvocation } = await import('./follow.ts');
      yield* followInvocation({ ...options, client }, id, how);
    },
    followJournal: async function* follow(position, how = {}) {
      const { followJournal } = await import('./follow.ts');
      yield* followJournal({ ...options, client }, position, how);
    },
    layOut: (route, input) => layOut(options, { route, input }, {}),
  };
  return client;
}
