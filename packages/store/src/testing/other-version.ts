import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { drizzle, migrate } from '../sqlite/drizzle.ts';
import { DATABASE_FILE } from '../sqlite/open.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url));

const MigrationList = z.looseObject({ entries: z.array(z.looseObject({ tag: z.string() })) });

/** Does something with the database of a folder that no store has open. */
function withDatabase(dataDir: string, act: (database: Database.Database) => void): void {
  const database = new Database(join(dataDir, DATABASE_FILE));
  try {
    act(database);
  } finally {
    database.close();
  }
}

/** Makes a database as the first `level` migrations made it, all but the last unless said, with what some SQL puts into it. */
export function makeOlderDatabase(
  dataDir: string,
  { level = -1, sql = '' }: { readonly level?: number; readonly sql?: string } = {},
): void {
  const folder = mkdtempSync(join(tmpdir(), 'xem-migrations-'));
  try {
    cpSync(MIGRATIONS, folder, { recursive: true });
    const path = join(folder, 'meta', '_journal.json');
    const list = MigrationList.parse(JSON.parse(readFileSync(path, 'utf8')));
    writeFileSync(path, JSON.stringify({ ...list, entries: list.entries.slice(0, level) }));
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    withDatabase(dataDir, (database) => {
      migrate(drizzle(database), { migrationsFolder: folder });
      database.exec(sql);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Has a database say that a version after this one wrote it. */
export const makeNewerDatabase = (dataDir: string): void =>
  withDatabase(dataDir, (database) => {
    const insert = database.prepare('INSERT INTO __drizzle_migrations (hash, created_at) VALUES (?, ?)');
    insert.run('of a later version', Number.MAX_SAFE_INTEGER);
  });

/** Changes an entry of every project's journal behind the store's back. */
export const changeEntry = (dataDir: string, seq: number): void =>
  withDatabase(dataDir, (database) => {
    database.prepare("UPDATE journal SET type = 'invocation.completed' WHERE seq = ?").run(seq);
  });
