import Database from 'better-sqlite3';
import { toCaller } from './failure.ts';

/** Values that SQLite binds. */
export type Parameter = string | number | null | Uint8Array;

/** One connection. Its statements run only while `open` is true: a writer's gate opens for a body's time. */
export interface Session {
  readonly database: Database.Database;
  open: boolean;
}

/** A prepared statement that answers rows. */
export interface Query<Row> {
  one(...parameters: Parameter[]): Row | null;
  all(...parameters: Parameter[]): Row[];
}

/** How long a statement waits for a lock of another program, such as a backup. */
const BUSY_TIMEOUT_MS = 2000;
const CACHE_KIB = 32 * 1024;

/** Pages in the write-ahead log at which a commit moves them to the database: 8 MB. */
const CHECKPOINT_PAGES = 2000;

const WRITER_PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'foreign_keys = ON',
  `wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
];
const SHARED_PRAGMAS = [`cache_size = -${CACHE_KIB}`, 'temp_store = MEMORY', 'trusted_schema = OFF'];

/** Opens the connection that writes; its gate is shut. */
export function openWriter(file: string): Session {
  const database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
  for (const pragma of [...WRITER_PRAGMAS, ...SHARED_PRAGMAS]) database.pragma(pragma);
  return { database, open: false };
}

/** Opens a connection that can only read, and sees what is committed. */
export function openReader(file: string): Session {
  const database = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  for (const pragma of SHARED_PRAGMAS) database.pragma(pragma);
  return { database, open: true };
}

/** Runs a statement; a fault of the disk reaches the caller as `unavailable`. */
function attempt<Result>(session: Session, run: () => Result): Result {
  if (!session.open) throw new Error('the store was asked outside of a transaction body');
  try {
    return run();
  } catch (err) {
    throw toCaller(err);
  }
}

/**
 * SQLite looks at the value of a bare `?` in LIMIT, or beside ORDER BY, while it plans, and prepares the statement anew
 * each time that value is bound: 15 µs for a row of thirty columns. It does not look behind a plus.
 */
const withStablePlan = (source: string): string => source.replaceAll('?', '+?');

/** Prepares a statement that answers rows, each passed through `decode`. */
export function prepareQuery<Row extends object>(
  session: Session,
  source: string,
  decode?: (row: object) => void,
): Query<Row> {
  const statement = session.database.prepare<Parameter[], Row>(withStablePlan(source));
  return {
    one: (...parameters) => {
      const row = attempt(session, () => statement.get(...parameters));
      if (row === undefined) return null;
      decode?.(row);
      return row;
    },
    all: (...parameters) => {
      const rows = attempt(session, () => statement.all(...parameters));
      if (decode) for (const row of rows) decode(row);
      return rows;
    },
  };
}

/** Prepares a statement that writes; it answers how many rows it changed. */
export function prepareWrite(session: Session, source: string): (...parameters: Parameter[]) => number {
  const statement = session.database.prepare<Parameter[]>(source);
  return (...parameters) => attempt(session, () => statement.run(...parameters)).changes;
}
