import {
  ENTRY_DATA_BYTES_MAX,
  entryText,
  genesisHash,
  sha256Hex,
  type JournalEntry,
  type ProjectId,
} from '@xem/protocol';
import type { EntryDraft, JournalReader, JournalWriter } from '../../journal.ts';
import { isSpoilt } from '../failure.ts';
import { rowsOf } from '../rows.ts';
import { journal } from '../schema/journal.ts';
import { retentionReader, retentionWriter } from './retention.ts';
import { prepareQuery, type Parameter, type Query, type Session } from '../session.ts';

type Row = (typeof journal)['$inferSelect'];
type Head = Awaited<ReturnType<JournalReader['head']>>;

const OF_INVOCATION = "t.refs ->> '$.invocation_id' = ?";

const entryOf = (row: Row): JournalEntry => ({ object: 'journal_entry', ...row });

function headOf(session: Session): (projectId: ProjectId) => Head {
  const last = prepareQuery<Head>(
    session,
    'SELECT seq, hash FROM journal WHERE project_id = ? ORDER BY seq DESC LIMIT 1',
  );
  return (projectId) => last.one(projectId) ?? { seq: 0, hash: genesisHash(projectId) };
}

/**
 * Lists entries newest first. Of several types, each is read by its index as if it were alone and the lists are
 * merged, so that a rare type costs no walk through the journal.
 */
function listOf(session: Session): JournalReader['list'] {
  const rows = rowsOf(session, journal);
  const newest = (condition: string) =>
    rows.select(
      `WHERE t.project_id = ? ${condition} AND t.seq < ? AND t.seq > ? ORDER BY t.seq DESC LIMIT ?`,
    );
  const all = newest('');
  const ofType = newest('AND t.type = ?');
  const ofInvocation = newest(`AND ${OF_INVOCATION}`);
  const ofBoth = newest(`AND ${OF_INVOCATION} AND +t.type = ?`);
  return async (
    projectId,
    { types, invocationId },
    { limit, beforeSeq = Number.MAX_SAFE_INTEGER, afterSeq = 0 },
  ) => {
    const alone = invocationId === undefined ? all : ofInvocation;
    const typed = invocationId === undefined ? ofType : ofBoth;
    const scope: Parameter[] = invocationId === undefined ? [projectId] : [projectId, invocationId];
    const found = types
      ? [...new Set(types)].flatMap((type) => typed.all(...scope, type, beforeSeq, afterSeq, limit))
      : alone.all(...scope, beforeSeq, afterSeq, limit);
    return found
      .toSorted((a, b) => b.seq - a.seq)
      .slice(0, limit)
      .map(entryOf);
  };
}

/** What a read answers; null when a row of it is spoilt. */
function unlessSpoilt(read: () => Row[]): Row[] | null {
  try {
    return read();
  } catch (err) {
    if (isSpoilt(err)) return null;
    throw err;
  }
}

/** Reads like `after`, row by row once one of them is spoilt, up to that one. */
function readLinks(after: Query<Row>, projectId: ProjectId, from: { seq: number; limit: number }): Row[] {
  const whole = unlessSpoilt(() => after.all(projectId, from.seq, from.limit));
  if (whole) return whole;
  const rows: Row[] = [];
  let next: Row | undefined;
  do {
    const seq = rows.at(-1)?.seq ?? from.seq;
    next = unlessSpoilt(() => after.all(projectId, seq, 1))?.[0];
    if (next) rows.push(next);
  } while (next && rows.length < from.limit);
  return rows;
}

/** Reads of the journal on one connection. */
export function journalReader(session: Session): JournalReader {
  const rows = rowsOf(session, journal);
  const after = rows.select('WHERE t.project_id = ? AND t.seq > ? ORDER BY t.seq LIMIT ?');
  const ofInvocation = rows.select(
    `WHERE t.project_id = ? AND ${OF_INVOCATION} AND t.seq > ? ORDER BY t.seq`,
  );
  const ofAgent = rows.select(
    "WHERE t.project_id = ? AND t.subject ->> '$.id' = ? AND t.subject ->> '$.type' = 'agent' AND t.seq < ? ORDER BY t.seq DESC LIMIT ?",
  );
  const ofType = rows.select('WHERE t.project_id = ? AND t.type = ? AND t.seq > ? ORDER BY t.seq LIMIT ?');
  const head = headOf(session);
  return {
    list: listOf(session),
    ofTypes: async (projectId, types, { afterSeq, limit }) =>
      [...new Set(types)]
        .flatMap((type) => ofType.all(projectId, type, afterSeq, limit))
        .toSorted((a, b) => a.seq - b.seq)
        .slice(0, limit)
        .map(entryOf),
    ofAgent: async (projectId, id, { limit, beforeSeq = Number.MAX_SAFE_INTEGER }) =>
      ofAgent.all(projectId, id, beforeSeq, limit).map(entryOf),
    after: async (projectId, afterSeq, limit) => after.all(projectId, afterSeq, limit).map(entryOf),
    links: async (projectId, seq, limit) => readLinks(after, projectId, { seq, limit }).map(entryOf),
    ofInvocation: async (projectId, id, afterSeq) => ofInvocation.all(projectId, id, afterSeq).map(entryOf),
    head: async (projectId) => head(projectId),
    ...retentionReader(session),
  };
}

/** The data of an entry whose whole text is short cannot be long: a character is three bytes at most. */
function checkData({ type, data }: EntryDraft, text: string): void {
  if (text.length * 3 <= ENTRY_DATA_BYTES_MAX) return;
  const bytes = Buffer.byteLength(JSON.stringify(data));
  if (bytes > ENTRY_DATA_BYTES_MAX) throw new Error(`data of ${type} is ${bytes} bytes`);
}

/**
 * Reads and writes of the journal. The head of a chain is read from the table at each call: a savepoint that is rolled
 * back puts it back by itself. `heard` gets every entry that was added, in order.
 */
export function journalWriter(session: Session, heard: (entry: JournalEntry) => void): JournalWriter {
  const insert = rowsOf(session, journal).insert();
  const head = headOf(session);
  return {
    ...journalReader(session),
    ...retentionWriter(session),
    append: async (drafts) => {
      const heads = new Map<ProjectId, Head>();
      for (const draft of drafts) {
        const { seq, hash } = heads.get(draft.project_id) ?? head(draft.project_id);
        const unsealed = { object: 'journal_entry' as const, ...draft, seq: seq + 1, prev_hash: hash };
        const text = entryText(unsealed);
        checkData(draft, text);
        const entry = { ...unsealed, hash: sha256Hex(text) };
        insert(entry);
        heads.set(draft.project_id, entry);
        heard(entry);
      }
    },
  };
}
