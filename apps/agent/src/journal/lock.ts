import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { BootError } from '../boot/boot-error.ts';

/**
 * Holds a state folder for this process alone; the system lets go of it when the process ends, however it ends.
 * Returns the way to let go earlier. @throws BootError `state_in_use`
 */
export function holdState(path: string): () => void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const db = new Database(path, { timeout: 2000 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (err) {
    db.close();
    const message = `Another agent works in ${dirname(path)}; give this one its own --state-dir.`;
    throw new BootError('state_in_use', message, { cause: err });
  }
  return () => void db.close();
}
