import { chmodSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { ExecutionId, ResultBody, type AttemptKey } from '@xem/protocol';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { DamagedError, journalBroken } from './broken.ts';
import type { JournalEntry } from './entry.ts';

/** The rows of the journal, as SQL. Everything here is synchronous. */
export interface JournalDatabase {
  find(key: AttemptKey): JournalEntry | null;
  unacknowledged(): JournalEntry[];
  /** Writes entries in one transaction; with `sync` they are on disk when this returns. */
  save(entries: Iterable<JournalEntry>, sync: boolean): void;
  /** Deletes a slice of what is acknowledged and expired; true when there may be more of it. */
  deleteExpired(routerNow: number): boolean;
  readFact(name: string): string | null;
  writeFact(name: string, value: string): void;
  close(): void;
}

const VERSION = 1;

/** Nobody else has business with it: what holds it this long will hold it longer. */
const BUSY_MS = 1000;

/** Rows deleted at a time, so that nothing waits long. */
const SLICE_ROWS = 1000;

const SCHEMA = `
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE attempt (
  execution_id TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('accepted', 'running', 'ended')),
  result TEXT CHECK ((result IS NOT NULL) = (state = 'ended')),
  is_acknowledged INTEGER NOT NULL CHECK (is_acknowledged IN (0, 1)),
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (execution_id, attempt)
) WITHOUT ROWID;
CREATE INDEX attempt_open ON attempt (execution_id) WHERE is_acknowledged = 0;
CREATE INDEX attempt_done ON attempt (expires_at) WHERE is_acknowledged = 1;
PRAGMA user_version = ${VERSION};
`;

const Row = z.object({
  execution_id: ExecutionId,
  attempt: z.int(),
  state: z.enum(['accepted', 'running', 'ended']),
  result: z.string().nullable(),
  is_acknowledged: z.int(),
  expires_at: z.int(),
});

const Fact = z.object({ value: z.string() });

function entryOf(raw: unknown): JournalEntry {
  const row = Row.parse(raw);
  return {
    key: { execution_id: row.execution_id, attempt: row.attempt },
    state: row.state,
    result: row.result === null ? null : ResultBody.parse(JSON.parse(row.result)),
    isAcknowledged: row.is_acknowledged === 1,
    expiresAt: row.expires_at,
  };
}

const cellsOf = (entry: JournalEntry): readonly (string | number | null)[] => [
  entry.key.execution_id,
  entry.key.attempt,
  entry.state,
  entry.result && JSON.stringify(entry.result),
  entry.isAcknowledged ? 1 : 0,
  entry.expiresAt,
];

function open(path: string): Database.Database {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new Database(path, { timeout: BUSY_MS });
  try {
    prepare(db, path);
    return db;
  } catch (err) {
    db.close();
    throw err;
  }
}

/** What is damaged is found now: a journal that forgets is worse than an agent that does not start. */
function prepare(db: Database.Database, path: string): void {
  chmodSync(path, 0o600);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  const found = z.int().parse(db.pragma('user_version', { simple: true }));
  if (found === 0) db.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
  if (found > VERSION) throw new Error(`version ${found} is of a newer agent`);
  const verdict = db.pragma('integrity_check(1)', { simple: true });
  if (verdict !== 'ok') throw new DamagedError(String(verdict));
}

/** Opens the database of the journal and makes it when there is none. @throws BootError `journal_broken` */
export function openDatabase(path: string): JournalDatabase {
  try {
    return openWhole(path);
  } catch (err) {
    throw journalBroken(path, err);
  }
}

/** Every open row is read once: one that cannot be is found before any work is taken. */
function openWhole(path: string): JournalDatabase {
  const db = open(path);
  try {
    const table = tableOf(db);
    table.unacknowledged();
    return table;
  } catch (err) {
    db.close();
    throw err;
  }
}

function tableOf(db: Database.Database): JournalDatabase {
  const find = db.prepare('SELECT * FROM attempt WHERE execution_id = ? AND attempt = ?');
  const unacknowledged = db.prepare('SELECT * FROM attempt WHERE is_acknowledged = 0');
  const save = db.prepare('INSERT OR REPLACE INTO attempt VALUES (?, ?, ?, ?, ?, ?)');
  const expire = db.prepare(`DELETE FROM attempt WHERE (execution_id, attempt) IN (
      SELECT execution_id, attempt FROM attempt
      WHERE is_acknowledged = 1 AND expires_at < ? LIMIT ${SLICE_ROWS})`);
  const readFact = db.prepare('SELECT value FROM fact WHERE name = ?');
  const writeFact = db.prepare('INSERT OR REPLACE INTO fact VALUES (?, ?)');
  const saveAll = db.transaction((entries: Iterable<JournalEntry>) => {
    for (const entry of entries) save.run(...cellsOf(entry));
  });
  return {
    find: ({ execution_id, attempt }) => {
      const row = find.get(execution_id, attempt);
      return row === undefined ? null : entryOf(row);
    },
    unacknowledged: () => unacknowledged.all().map(entryOf),
    save: (entries, sync) => {
      if (sync) db.pragma('synchronous = FULL');
      try {
        saveAll.immediate(entries);
      } finally {
        if (sync) db.pragma('synchronous = NORMAL');
      }
    },
    deleteExpired: (routerNow) => expire.run(Math.floor(routerNow)).changes === SLICE_ROWS,
    readFact: (name) => Fact.safeParse(readFact.get(name)).data?.value ?? null,
    writeFact: (name, value) => void writeFact.run(name, value),
    close: () => void db.close(),
  };
}
