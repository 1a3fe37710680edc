import { attemptName, type AttemptKey, type ResultBody } from '@xem/protocol';
import type { Cancel, Clock, IdSource, Log } from '@xem/runtime';
import { openDatabase, type JournalDatabase } from './database.ts';
import type { JournalEntry } from './entry.ts';

/**
 * How safe an entry is before its attempt starts: `synced` outlives the host, `written` outlives the agent,
 * `behind` is written soon after.
 */
export type Durability = 'synced' | 'written' | 'behind';

/**
 * The agent's memory of what it was ordered to run. It guards against replays: an attempt in it is never started
 * again, and it stays until its result is acknowledged and its order has expired.
 */
export interface Journal {
  /** 24 hex digits, made with the database: another one means that everything was forgotten. */
  readonly id: string;
  find(key: AttemptKey): JournalEntry | null;
  /** Everything that is not acknowledged. */
  open(): readonly JournalEntry[];
  /** Takes up an attempt that is not in the journal. @throws when the disk refuses, unless `behind` */
  accept(order: Pick<JournalEntry, 'key' | 'expiresAt'>, durability: Durability): JournalEntry;
  markRunning(key: AttemptKey): void;
  /** Keeps how an attempt ended; the first end stands. */
  end(key: AttemptKey, result: ResultBody): void;
  acknowledge(key: AttemptKey): void;
  /** Forgets acknowledged attempts whose order can no longer come. */
  sweep(routerNow: number): void;
  readFact(name: string): string | null;
  writeFact(name: string, value: string): void;
  /** Writes what is still in memory. */
  flush(): void;
  close(): void;
}

interface JournalContext {
  readonly path: string;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Log;
}

/** How long a write may wait for others to share a transaction with. */
const WRITE_BEHIND_MS = 20;
const RETRY_MS = 1000;
const SLICE_PAUSE_MS = 50;

function journalIdOf(db: JournalDatabase, ids: IdSource): string {
  const known = db.readFact('journal_id');
  if (known !== null) return known;
  const made = ids.hex();
  db.writeFact('journal_id', made);
  return made;
}

/** Entries that are in memory and not yet in the database. */
function createWriteBehind(db: JournalDatabase, { clock, log }: JournalContext) {
  const dirty = new Map<string, JournalEntry>();
  let timer: Cancel | null = null;
  const schedule = (ms: number): void => {
    timer ??= clock.after(ms, flushLater);
  };
  const write = (sync: boolean): void => {
    timer?.();
    timer = null;
    if (dirty.size === 0) return;
    try {
      db.save(dirty.values(), sync);
      dirty.clear();
    } catch (err) {
      schedule(RETRY_MS);
      throw err;
    }
  };
  function flushLater(): void {
    timer = null;
    try {
      write(false);
    } catch (err) {
      log.error('journal.write_failed', { err });
    }
  }
  return {
    find: (name: string): JournalEntry | undefined => dirty.get(name),
    put: (entry: JournalEntry): void => {
      dirty.set(attemptName(entry.key), entry);
      schedule(WRITE_BEHIND_MS);
    },
    putNow: (entry: JournalEntry, sync: boolean): void => {
      const name = attemptName(entry.key);
      dirty.set(name, entry);
      try {
        write(sync);
      } catch (err) {
        dirty.delete(name);
        throw err;
      }
    },
    flush: (): void => write(false),
  };
}

/** Opens the journal and makes it when there is none. @throws BootError `journal_broken` */
export function openJournal(ctx: JournalContext): Journal {
  const db = openDatabase(ctx.path);
  const behind = createWriteBehind(db, ctx);
  const sweep = (routerNow: number): void => {
    if (isClosed) return;
    try {
      if (db.deleteExpired(routerNow)) ctx.clock.after(SLICE_PAUSE_MS, () => sweep(routerNow));
    } catch (err) {
      ctx.log.error('journal.sweep_failed', { err });
    }
  };
  let isClosed = false;
  const open = new Map(db.unacknowledged().map((entry) => [attemptName(entry.key), entry]));
  const change = (key: AttemptKey, from: (entry: JournalEntry) => JournalEntry | null): void => {
    const entry = open.get(attemptName(key));
    const next = entry && from(entry);
    if (!next) return;
    if (next.isAcknowledged) open.delete(attemptName(key));
    else open.set(attemptName(key), next);
    behind.put(next);
  };
  return {
    id: journalIdOf(db, ctx.ids),
    find: (key) => open.get(attemptName(key)) ?? behind.find(attemptName(key)) ?? db.find(key),
    open: () => [...open.values()],
    accept: ({ key, expiresAt }, durability) => {
      const entry: JournalEntry = { key, expiresAt, state: 'accepted', result: null, isAcknowledged: false };
      if (durability === 'behind') behind.put(entry);
      else behind.putNow(entry, durability === 'synced');
      open.set(attemptName(entry.key), entry);
      return entry;
    },
    markRunning: (key) =>
      change(key, (entry) => (entry.state === 'accepted' ? { ...entry, state: 'running' } : null)),
    end: (key, result) =>
      change(key, (entry) => (entry.state === 'ended' ? null : { ...entry, state: 'ended', result })),
    acknowledge: (key) => change(key, (entry) => (entry.result ? { ...entry, isAcknowledged: true } : null)),
    sweep,
    readFact: (name) => db.readFact(name),
    writeFact: (name, value) => db.writeFact(name, value),
    flush: behind.flush,
    close: () => {
      isClosed = true;
      behind.flush();
      db.close();
    },
  };
}
