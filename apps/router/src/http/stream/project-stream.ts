import type { Caller } from '@xem/domain';
import { ExecError } from '@xem/errors';
import {
  isEntryType,
  STREAM_EVENTS,
  type JournalEntry,
  type streamExecutions,
  type ParsedInputOf,
} from '@xem/protocol';
import type { Answer } from '../bind.ts';
import type { Admitted } from '../edge.ts';
import { answerEvents, type EventStream } from './event-stream.ts';
import type { Follower } from './feed.ts';
import { renderEvent } from './sse.ts';

/** At most 8 KiB each: a batch fits a follower's buffer. */
const BATCH_ENTRIES = 100;

/** Entries about the keys, people and policies of a project are for those who may read its journal. */
const OPEN_NOUNS: ReadonlySet<string> = new Set([
  'invocation',
  'execution',
  'approval',
  'agent',
  'workspace',
]);

type Input = ParsedInputOf<typeof streamExecutions>;

/** Whether a caller may read every entry: a person, or a key that manages. */
const readsAll = ({ principal, credential }: Caller): boolean =>
  principal.kind === 'human' || credential.scopes.has('management');

function typesOf(words: string | undefined): ReadonlySet<string> | null {
  if (words === undefined || words === '') return null;
  const types = words.split(',').map((word) => word.trim());
  const stranger = types.find((type) => !isEntryType(type));
  if (stranger === undefined) return new Set(types);
  throw new ExecError('invalid_body', `types: ${stranger} is not a type of journal entry`, {
    param: 'types',
  });
}

/** Where a client wants to go on: after the last event it saw, else after `after_seq`, else with what comes next. */
function resumeSeq(lastEventId: string | undefined, { after_seq: afterSeq }: Input): number | null {
  if (lastEventId === undefined || lastEventId === '') return afterSeq ?? null;
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  const param = 'Last-Event-ID';
  throw new ExecError('invalid_body', `${param} is not the id of an event of this stream`, { param });
}

async function startSeq({ ctx, c }: Admitted, input: Input): Promise<number> {
  const wanted = resumeSeq(c.req.header('last-event-id'), input);
  const { seq } = await ctx.store.read.journal.head(ctx.projectId);
  if (wanted === null) return seq;
  if (wanted <= seq) return wanted;
  const param = c.req.header('last-event-id') ? 'Last-Event-ID' : 'after_seq';
  throw new ExecError('invalid_body', `${param} is beyond the journal, whose last seq is ${seq}`, { param });
}

function sendStored(stream: EventStream, entries: readonly JournalEntry[], follower: Follower): void {
  for (const entry of entries) {
    if (follower.wants(entry)) stream.send(renderEvent({ id: entry.seq, event: entry.type, data: entry }));
  }
}

function sendGap(stream: EventStream, afterSeq: number, first: JournalEntry | undefined): void {
  if (!first || first.seq === afterSeq + 1) return;
  stream.send(renderEvent({ event: STREAM_EVENTS.gap, data: { after_seq: afterSeq, first_seq: first.seq } }));
}

/** The next entries for a follower: from memory where it reaches back that far, else from the store. */
async function nextBatch(
  { ctx, edge }: Admitted,
  seq: number,
): Promise<{ entries: readonly JournalEntry[]; last: boolean }> {
  const recent = edge.feed.recent(ctx.projectId, seq);
  if (recent) {
    const entries = recent.slice(0, BATCH_ENTRIES).map(({ entry }) => entry);
    return { entries, last: recent.length <= BATCH_ENTRIES };
  }
  const entries = await ctx.store.read.journal.after(ctx.projectId, seq, BATCH_ENTRIES);
  return { entries, last: entries.length === 0 };
}

/** Reads the journal at the client's pace up to its end; what is committed meanwhile is in memory. */
async function catchUp(request: Admitted, stream: EventStream, follower: Follower): Promise<void> {
  for (let done = false; !done && !stream.closed;) {
    const { entries, last } = await nextBatch(request, follower.position);
    sendGap(stream, follower.position, entries[0]);
    sendStored(stream, entries, follower);
    follower.position = entries.at(-1)?.seq ?? follower.position;
    await stream.room();
    done = last;
  }
}

function createFollower(
  stream: EventStream,
  filter: { types: ReadonlySet<string> | null; all: boolean; from: number },
): Follower {
  const open = (type: string): boolean => filter.all || OPEN_NOUNS.has(type.split('.')[0] ?? '');
  let position = filter.from;
  return {
    group: `${filter.all}:${filter.types === null ? '' : [...filter.types].toSorted().join()}`,
    wants: ({ type }) => (filter.types?.has(type) ?? true) && open(type),
    get position() {
      return position;
    },
    set position(seq) {
      position = seq;
      stream.position = seq;
    },
    push: (bytes) => stream.send(bytes),
  };
}

/** Answers the journal of the project as it grows, from where the client left off. */
export const answerProjectStream: Answer<unknown, Input> = async (request, _result, input) => {
  const types = typesOf(input.types);
  const from = await startSeq(request, input);
  const { ctx, edge } = request;
  return answerEvents(request, async (stream) => {
    const follower = createFollower(stream, { types, all: readsAll(ctx.caller), from });
    await catchUp(request, stream, follower);
    if (!stream.closed) stream.onClose(edge.feed.join(ctx.projectId, follower));
  });
};
