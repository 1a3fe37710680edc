import { HopelessStartError } from '@xem/runtime';
import type Database from 'better-sqlite3';
import { readMigrationFiles } from './drizzle.ts';

/** Which migrations a database has had, against those this version knows. */
export interface SchemaLevel {
  /** How many migrations this version has. */
  readonly known: number;
  /** How many of the known ones the database has not had. */
  readonly pending: number;
  /** The database has had one that this version does not know. */
  readonly isNewer: boolean;
}

/** A database that a newer version has written; nothing was changed. Starting again does not help. */
export class NewerSchemaError extends HopelessStartError {
  override readonly name = 'NewerSchemaError';
}

const TABLE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'";
const LAST = 'SELECT max(created_at) AS last FROM __drizzle_migrations';

function lastOf(database: Database.Database): number {
  if (!database.prepare(TABLE).get()) return 0;
  return database.prepare<[], { last: number | null }>(LAST).get()?.last ?? 0;
}

/** Compares a database with the migrations of a folder. */
export function schemaLevel(database: Database.Database, migrationsFolder: string): SchemaLevel {
  const times = readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis);
  const last = lastOf(database);
  return {
    known: times.length,
    pending: times.filter((time) => time > last).length,
    isNewer: times.every((time) => time < last),
  };
}
