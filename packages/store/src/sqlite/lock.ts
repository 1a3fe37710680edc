import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Lets go of the data folder. */
export type Release = () => void;

/**
 * Takes a data folder for this process, for as long as it lives: the lock is one of the system's, which frees it when
 * the process dies, however it dies. @throws Error when another process has it.
 */
export function lockDataFolder(dataDir: string): Release {
  const database = new Database(join(dataDir, 'router.lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (err) {
    database.close();
    throw new Error(`the data folder ${dataDir} is in use by another router`, { cause: err });
  }
  return () => void database.close();
}
