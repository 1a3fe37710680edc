import { ExecError } from '@xem/errors';
import Database from 'better-sqlite3';

/** Causes outside of the program: a full or failing disk, a lock, want of memory. */
const OUTSIDE = /^SQLITE_(?:FULL|IOERR|BUSY|LOCKED|READONLY|CANTOPEN|NOMEM|CORRUPT|NOTADB|PROTOCOL)/;

const codeOf = (err: unknown): string => (err instanceof Database.SqliteError ? err.code : '');

/** Tells whether the disk itself failed: nobody knows then what of the commit is on it. */
export const isDiskFault = (err: unknown): boolean => codeOf(err).startsWith('SQLITE_IOERR');

/** The store's answer when it cannot write or read now; the cause is for the log. */
export const unavailable = (cause: unknown): ExecError => new ExecError('unavailable', undefined, { cause });

/** Tells whether a row is there and what it holds is not what was written: a page or a column of it is spoilt. */
export const isSpoilt = (err: unknown): boolean =>
  err instanceof SyntaxError || (err instanceof Error && codeOf(err.cause).startsWith('SQLITE_CORRUPT'));

/** Files fail with the system call that failed. */
const isFileFault = (err: unknown): boolean => err instanceof Error && 'syscall' in err;

/** What a caller gets for an error: faults of disk and locks are `unavailable`, the others stay as they are. */
export const toCaller = (err: unknown): unknown =>
  OUTSIDE.test(codeOf(err)) || isFileFault(err) ? unavailable(err) : err;
