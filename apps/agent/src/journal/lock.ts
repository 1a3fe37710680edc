import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { BootError } from '../boot/boot-error.ts';

const isBusy = (err: unknown): boolean =>
  err instanceof Database.SqliteError && err.code.startsWith('SQLITE_BUSY');

function unwritable(folder: string, err: unknown): BootError {
  const why = err instanceof Error ? err.message : 'unknown';
  const message = `The state folder ${folder} cannot be written: ${why}. Mend it, or name another with --state-dir.`;
  return new BootError('state_unwritable', message, { cause: err });
}

/** Makes a state folder when there is none, closed to others. @throws BootError `state_unwritable` */
export function openStateFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (err) {
    throw unwritable(folder, err);
  }
}

/**
 * Holds a state folder for this process alone; the system lets go of it when the process ends, however it ends.
 * Returns the way to let go earlier. @throws BootError `state_in_use`, `state_unwritable`
 */
export function holdState(path: string): () => void {
  openStateFolder(dirname(path));
  try {
    const db = new Database(path, { timeout: 2000 });
    db.exec('BEGIN EXCLUSIVE');
    return () => void db.close();
  } catch (err) {
    if (!isBusy(err)) throw unwritable(dirname(path), err);
    const message = `Another agent works in ${dirname(path)}; give this one its own --state-dir.`;
    throw new BootError('state_in_use', message, { cause: err });
  }
}
