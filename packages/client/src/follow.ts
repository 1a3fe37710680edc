import {
  INVOCATION_TERMINAL,
  STREAM_EVENTS,
  type GapEvent,
  type Invocation,
  type JournalEntry,
  type OutputEvent,
} from '@xem/protocol';
import type { Client, FollowOptions, JournalPosition } from './client.ts';
import { pollInvocation, pollJournal } from './poll.ts';
import { ROUTES } from './route.ts';
import { followMessages, NoStream, type StreamContext, type StreamSource } from './stream.ts';
import type { SseMessage } from './sse.ts';

/** A piece of what a run wrote; `offset` is that of its first byte in its stream. */
export interface OutputPiece {
  readonly executionId: string;
  readonly attempt: number;
  readonly stream: OutputEvent['stream'];
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What following an invocation yields. `output` comes from a stream only, never from polling. */
export type InvocationEvent =
  | {
      readonly kind: 'snapshot' | 'settled';
      readonly invocation: Invocation;
      /** Where there was no stream; then nothing but such events comes. */
      readonly polled?: true;
    }
  | { readonly kind: 'output'; readonly piece: OutputPiece }
  | JournalEvent;

/** What following the journal yields. */
export type JournalEvent =
  | { readonly kind: 'entry'; readonly entry: JournalEntry }
  | { readonly kind: 'gap'; readonly gap: GapEvent };

/** A stream's context with the client that polls in its stead. */
export interface FollowContext extends StreamContext {
  readonly client: Client;
}

const POLL_MS = 2000;

interface EventData {
  readonly invocation: Invocation;
  readonly output: OutputEvent;
  readonly gap: GapEvent;
  readonly entry: JournalEntry;
}

const dataOf = <Kind extends keyof EventData>(_: Kind, { data }: SseMessage): EventData[Kind] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the router is held to the schema of its events
  JSON.parse(data) as EventData[Kind];

function pieceOf(message: SseMessage): OutputPiece {
  const { execution_id: executionId, text, base64, ...rest } = dataOf('output', message);
  const bytes = base64 === undefined ? Buffer.from(text ?? '', 'utf8') : Buffer.from(base64, 'base64');
  return { executionId, attempt: rest.attempt, stream: rest.stream, offset: rest.offset, bytes };
}

function journalEvent(message: SseMessage): JournalEvent {
  if (message.event === STREAM_EVENTS.gap) return { kind: 'gap', gap: dataOf('gap', message) };
  return { kind: 'entry', entry: dataOf('entry', message) };
}

function invocationEvent(message: SseMessage): InvocationEvent {
  if (message.event === STREAM_EVENTS.snapshot)
    return { kind: 'snapshot', invocation: dataOf('invocation', message) };
  if (message.event === STREAM_EVENTS.settled)
    return { kind: 'settled', invocation: dataOf('invocation', message) };
  if (message.event === STREAM_EVENTS.output) return { kind: 'output', piece: pieceOf(message) };
  return journalEvent(message);
}

async function* streamInvocation(
  ctx: FollowContext,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<InvocationEvent, void, void> {
  const source: StreamSource = { route: ROUTES['invocation.stream'], input: { id }, resumed: { id } };
  for await (const message of followMessages(ctx, source, signal)) {
    const event = invocationEvent(message);
    yield event;
    if (event.kind === 'settled') return;
  }
}

/** Yields a settled invocation last, and then ends. @throws ClientError, or the reason of the signal */
export async function* followInvocation(
  ctx: FollowContext,
  id: string,
  { signal = new AbortController().signal, pollMs = POLL_MS }: FollowOptions,
): AsyncGenerator<InvocationEvent, void, void> {
  try {
    yield* streamInvocation(ctx, id, signal);
  } catch (error) {
    if (!(error instanceof NoStream)) throw error;
    for await (const invocation of pollInvocation(ctx, id, { signal, pollMs })) {
      yield {
        kind: INVOCATION_TERMINAL.has(invocation.status) ? 'settled' : 'snapshot',
        invocation,
        polled: true,
      };
    }
  }
}

/** Yields entries in their order, without a gap that it does not tell of. @throws ClientError, or the signal's reason */
export async function* followJournal(
  ctx: FollowContext,
  position: JournalPosition,
  { signal = new AbortController().signal, pollMs = POLL_MS }: FollowOptions,
): AsyncGenerator<JournalEvent, void, void> {
  const resumed = { types: position.types };
  const input = { ...resumed, after_seq: position.afterSeq };
  const reached: Reached = { afterSeq: position.afterSeq };
  try {
    yield* streamJournal(ctx, { route: ROUTES['execution.stream'], input, resumed }, { reached, signal });
  } catch (error) {
    if (!(error instanceof NoStream)) throw error;
    for await (const entry of pollJournal(ctx, { ...position, ...reached }, { signal, pollMs })) {
      yield { kind: 'entry', entry };
    }
  }
}

interface Reached {
  afterSeq: number | undefined;
}

async function* streamJournal(
  ctx: FollowContext,
  source: StreamSource,
  { reached, signal }: { readonly reached: Reached; readonly signal: AbortSignal },
): AsyncGenerator<JournalEvent, void, void> {
  for await (const message of followMessages(ctx, source, signal)) {
    const event = journalEvent(message);
    if (event.kind === 'entry') reached.afterSeq = event.entry.seq;
    yield event;
  }
}
