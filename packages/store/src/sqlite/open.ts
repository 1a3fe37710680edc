import { closeSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JournalEntry } from '@xem/protocol';
import type { Clock, Log } from '@xem/runtime';
import type { Store } from '../store.ts';
import { knownCredentials } from './known-credentials.ts';
import { lockDataFolder } from './lock.ts';
import { openMigrated } from './migrate.ts';
import { openOutputs } from './output/outputs.ts';
import { openReader, type Session } from './session.ts';
import { readTables } from './tables.ts';
import { GroupCommit } from './transact.ts';

/** The database within a data folder. */
export const DATABASE_FILE = 'xem.db';

export interface SqliteStoreOptions {
  /** Folder of the database, the lock and the outputs; made when it is missing. One process has it at a time. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The disk failed and nobody knows what is on it: the process should end. The store refuses all writes by then. */
  readonly onFatal?: (err: unknown) => void;
}

type Listener = Parameters<Store['onCommit']>[0];

/** Tells everybody; one that throws is logged and harms nobody. */
function tell(listeners: Iterable<Listener>, entries: readonly JournalEntry[], log: Log): void {
  if (entries.length === 0) return;
  for (const listener of listeners) {
    try {
      listener(entries);
    } catch (err) {
      log.error('store.listener_failed', { err });
    }
  }
}

/** Makes the file that SQLite would make readable by others; its log and its index take over the mode. */
function makePrivate(file: string): void {
  closeSync(openSync(file, 'a', 0o600));
}

/** Opens both connections in a folder that nobody else has. */
async function openFolder(dataDir: string): Promise<{ writer: Session; reader: Session; close: () => void }> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const release = lockDataFolder(dataDir);
  try {
    const file = join(dataDir, DATABASE_FILE);
    makePrivate(file);
    const writer = openMigrated(file);
    const reader = openReader(file);
    const close = (): void => {
      reader.database.close();
      writer.database.close();
      release();
    };
    return { writer, reader, close };
  } catch (err) {
    release();
    throw err;
  }
}

/**
 * Opens the embedded store: SQLite in one folder, migrated to this version.
 * @throws Error when another process has the folder, or it cannot be used.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { dataDir, clock, log } = options;
  const { writer, reader, close } = await openFolder(dataDir);
  const listeners = new Set<Listener>();
  const onFatal = (err: unknown): void => {
    log.error('store.disk_failed', { err });
    options.onFatal?.(err);
  };
  const committed = (entries: readonly JournalEntry[]): void => tell(listeners, entries, log);
  const known = knownCredentials();
  const commits = new GroupCommit({ session: writer, known, clock, committed, onFatal });
  const outputs = openOutputs({ dataDir, writer, reader, transact: commits.transact, onFatal });
  return {
    read: readTables(reader, known),
    outputs,
    transact: commits.transact,
    onCommit: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      await outputs.close();
      await commits.close();
      close();
    },
  };
}
