import { closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { DATABASE_FILE } from './open.ts';

/** All pages in one step: a copy in several begins anew whenever a router commits between two of them. */
const ALL_PAGES = 0x7fff_ffff;

/**
 * Copies the database of a data folder to a new file, as it is at one moment, and makes the copy durable. A router that
 * has the folder goes on meanwhile. @throws when there is no database, or the disk refuses
 */
export async function copyDatabase(dataDir: string, target: string): Promise<void> {
  const database = new Database(join(dataDir, DATABASE_FILE), { readonly: true, fileMustExist: true });
  try {
    // Made beforehand, so that SQLite does not make it readable by others.
    closeSync(openSync(target, 'wx', 0o600));
    await database.backup(target, { progress: () => ALL_PAGES });
  } finally {
    database.close();
  }
  const file = openSync(target, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
