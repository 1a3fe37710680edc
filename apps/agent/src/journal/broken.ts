import Database from 'better-sqlite3';
import { ZodError } from 'zod';
import { BootError } from '../boot/boot-error.ts';

/** What stands in the file contradicts itself. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError';
}

const MOVE_IT =
  'Move it aside, with its -wal and -shm, and start again: what was running is then of unknown outcome';

const reasons = {
  SQLITE_BUSY: 'another process has locked it',
  SQLITE_CORRUPT: `it is damaged. ${MOVE_IT}`,
  SQLITE_NOTADB: `it is no database. ${MOVE_IT}`,
  SQLITE_FULL: 'the disk is full',
  SQLITE_READONLY: 'it cannot be written',
} as const;

function reasonOf(err: unknown): string {
  const said = err instanceof Error ? err.message : 'unknown';
  if (err instanceof ZodError) return `it is damaged: a row makes no sense. ${MOVE_IT}`;
  if (err instanceof DamagedError) return `it is damaged: ${said}. ${MOVE_IT}`;
  const code = err instanceof Database.SqliteError ? err.code : '';
  return Object.entries(reasons).find(([start]) => code.startsWith(start))?.[1] ?? said;
}

/** Why the agent does not start without its journal, and what an operator can do: `journal_broken`. */
export const journalBroken = (path: string, err: unknown): BootError =>
  new BootError('journal_broken', `the journal ${path} cannot be used: ${reasonOf(err)}`, { cause: err });
