import { invocation } from '@xem/domain';
import { ExecError } from '@xem/errors';
import {
  CALL_ENDS,
  formatPosition,
  OUTPUT_CHUNK_BYTES_MAX,
  OUTPUT_STREAMS,
  parsePosition,
  STREAM_EVENTS,
  type ExecutionId,
  type Invocation,
  type InvocationPosition,
  type JournalEntry,
  type OutputStream,
} from '@xem/protocol';
import type { Answer } from '../bind.ts';
import type { Admitted } from '../edge.ts';
import { answerEvents, type EventStream } from './event-stream.ts';
import { renderEvent } from './sse.ts';
import { asJson, incompleteTail } from './utf8.ts';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** How far a follower of one invocation is. */
interface Cursor {
  readonly request: Admitted;
  readonly stream: EventStream;
  readonly at: Mutable<InvocationPosition>;
  /** The last entry that was looked at, sent or not. */
  seen: number;
  /** The attempt whose output is followed now. */
  execution: ExecutionId | null;
  /** Stops hearing of that attempt's output. */
  quiet: () => void;
  readonly wake: () => void;
}

function sendEvent({ stream, at }: Cursor, event: string, data: unknown): void {
  stream.position = formatPosition(at);
  stream.send(renderEvent({ id: stream.position, event, data }));
}

/** Sends some output; the beginning of a character waits for its end unless the output has ended. */
function sendChunk(
  cursor: Cursor,
  given: Buffer,
  { name, last }: { name: OutputStream; last: boolean },
): boolean {
  const chunk = given.subarray(0, given.length - (last ? 0 : incompleteTail(given)));
  if (chunk.length === 0) return false;
  const { at, execution } = cursor;
  const offset = at[name];
  at[name] += chunk.length;
  const place = { execution_id: execution, attempt: at.attempt, stream: name, offset, bytes: chunk.length };
  sendEvent(cursor, STREAM_EVENTS.output, { ...place, ...asJson(chunk) });
  return true;
}

/** What follows in a stream, up to 64 KiB of it. */
async function nextChunk(
  { at, execution, request }: Cursor,
  stream: OutputStream,
  stored: number,
): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const from = at[stream];
  const to = Math.min(stored, from + OUTPUT_CHUNK_BYTES_MAX);
  if (!execution || from >= to) return Buffer.alloc(0);
  const { projectId, store } = request.ctx;
  const range = { projectId, executionId: execution, stream, from, to };
  for await (const piece of store.outputs.read(range)) pieces.push(piece);
  return Buffer.concat(pieces);
}

interface Reach {
  readonly to: number;
  /** Nothing will be added any more. */
  readonly ended: boolean;
}

async function sendStream(cursor: Cursor, name: OutputStream, { to, ended }: Reach): Promise<void> {
  const { at, stream } = cursor;
  for (let more = true; more && !stream.closed;) {
    const chunk = await nextChunk(cursor, name, to);
    more = sendChunk(cursor, chunk, { name, last: ended && at[name] + chunk.length >= to });
    await stream.room();
  }
}

/** Sends what is stored of the attempt's output and was not sent. */
async function sendOutput(cursor: Cursor, ended: boolean): Promise<void> {
  if (!cursor.execution) return;
  const stored = await cursor.request.ctx.store.outputs.stored(cursor.execution);
  for (const name of OUTPUT_STREAMS) await sendStream(cursor, name, { to: stored[name], ended });
}

/** Goes over to the output of the attempt that an entry tells of, unless the client has seen a later one. */
function enterAttempt(cursor: Cursor, entry: JournalEntry): void {
  const { at, request } = cursor;
  const attempt = Number(entry.data['attempt'] ?? at.attempt);
  cursor.quiet();
  cursor.execution = attempt < at.attempt ? null : (entry.refs.execution_id ?? null);
  if (attempt > at.attempt) Object.assign(at, { attempt, stdout: 0, stderr: 0 });
  cursor.quiet = cursor.execution
    ? request.ctx.outputNotices.subscribe(cursor.execution, cursor.wake)
    : () => undefined;
}

/** Sends an entry, after all output that was written before it. True when it was the last. */
async function sendEntry(cursor: Cursor, entry: JournalEntry): Promise<boolean> {
  const dispatched = entry.type === 'invocation.dispatched';
  const ends = CALL_ENDS.has(entry.type);
  if (dispatched || ends || entry.type === 'execution.ended') await sendOutput(cursor, true);
  if (dispatched) enterAttempt(cursor, entry);
  if (entry.seq > cursor.at.seq) {
    cursor.at.seq = entry.seq;
    sendEvent(cursor, entry.type, entry);
    await cursor.stream.room();
  }
  return ends;
}

/** The last events: the invocation as it ended, and the error of a client whose call was cancelled. */
async function settle(cursor: Cursor, id: Invocation['id']): Promise<void> {
  const { request, stream } = cursor;
  const settled = await invocation.get(request.ctx, { id });
  sendEvent(cursor, STREAM_EVENTS.settled, settled);
  if (settled.status === 'cancelled') stream.fail(new ExecError('cancelled', settled.error?.message));
  else stream.end();
}

/** Entries that wait to be sent, and how to wait for more. */
interface Inbox {
  readonly entries: JournalEntry[];
  readonly more: () => Promise<void>;
}

/** Sends the entries that wait, once each. True when the last was among them. */
async function sendEntries(cursor: Cursor, { entries }: Inbox): Promise<boolean> {
  for (let entry = entries.shift(); entry && !cursor.stream.closed; entry = entries.shift()) {
    const fresh = entry.seq > cursor.seen;
    cursor.seen = Math.max(cursor.seen, entry.seq);
    if (fresh && (await sendEntry(cursor, entry))) return true;
  }
  return false;
}

/** Sends entries in order and output in between, until the invocation has ended. */
async function follow(cursor: Cursor, id: Invocation['id'], inbox: Inbox): Promise<void> {
  const { stream } = cursor;
  while (!stream.closed) {
    if (await sendEntries(cursor, inbox)) return settle(cursor, id);
    await sendOutput(cursor, false);
    if (inbox.entries.length === 0 && !stream.closed) await inbox.more();
  }
}

/** Whether retention has taken the beginning of an invocation's story, which it does once that has ended. */
const isCut = (stored: readonly JournalEntry[]): boolean => stored[0]?.type !== 'invocation.created';

/**
 * Begins a story whose first entries are gone: tells the client what it will not be sent, and goes on with the output of
 * the last attempt, as far as there is some.
 */
async function skipGap(
  cursor: Cursor,
  { execution_id: execution, attempt, project_id: projectId }: Invocation,
  stored: readonly JournalEntry[],
): Promise<void> {
  const { at, stream, request } = cursor;
  const checkpoint = await request.ctx.store.read.journal.checkpoint(projectId);
  const first = stored[0]?.seq ?? (checkpoint?.seq ?? 0) + 1;
  if (at.seq + 1 < first) {
    const gap = { after_seq: at.seq, first_seq: first };
    stream.send(renderEvent({ event: STREAM_EVENTS.gap, data: gap }));
  }
  if (stored.some(({ type }) => type === 'invocation.dispatched')) return;
  if (attempt > at.attempt) Object.assign(at, { attempt, stdout: 0, stderr: 0 });
  cursor.execution = execution;
}

/** A bell that remembers having rung. */
function createBell(): { ring: () => void; heard: () => Promise<void> } {
  let rung = false;
  let resume: (() => void) | undefined;
  return {
    ring: () => {
      rung = true;
      resume?.();
    },
    heard: async () => {
      if (!rung) await new Promise<void>((resolve) => (resume = resolve));
      rung = false;
    },
  };
}

function startPosition(lastEventId: string | undefined): InvocationPosition {
  if (lastEventId === undefined || lastEventId === '') return { seq: 0, attempt: 0, stdout: 0, stderr: 0 };
  const position = parsePosition(lastEventId);
  if (position) return position;
  const param = 'Last-Event-ID';
  throw new ExecError('invalid_body', `${param} is not the id of an event of this stream`, { param });
}

/** Answers an invocation as it goes: a snapshot, its entries and output, and how it ended. */
export const answerInvocationStream: Answer<Invocation> = (request, snapshot) => {
  const { ctx, edge, c } = request;
  const { id } = snapshot;
  const at = { ...startPosition(c.req.header('last-event-id')) };
  return answerEvents(request, async (stream) => {
    const bell = createBell();
    const cursor: Cursor = {
      request,
      stream,
      at,
      seen: 0,
      execution: null,
      quiet: () => undefined,
      wake: bell.ring,
    };
    const live: JournalEntry[] = [];
    const unfollow = edge.feed.followInvocation(id, (entry) => (live.push(entry), bell.ring()));
    stream.onClose(() => (unfollow(), cursor.quiet(), bell.ring()));
    sendEvent(cursor, STREAM_EVENTS.snapshot, snapshot);
    const stored = await ctx.store.read.journal.ofInvocation(ctx.projectId, id, 0);
    live.unshift(...stored);
    const inbox = { entries: live, more: bell.heard };
    if (!isCut(stored)) return follow(cursor, id, inbox);
    await skipGap(cursor, snapshot, stored);
    if (await sendEntries(cursor, inbox)) return settle(cursor, id);
    await sendOutput(cursor, true);
    return settle(cursor, id);
  });
};
