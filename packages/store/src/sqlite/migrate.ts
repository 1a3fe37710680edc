import { fileURLToPath } from 'node:url';
import type Database from 'better-sqlite3';
import { drizzle, migrate } from './drizzle.ts';
import { NewerSchemaError, schemaLevel, type SchemaLevel } from './schema-level.ts';
import { openWriter, type Session } from './session.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url));

/** Compares a database with the migrations of this version. */
export const levelOf = (database: Database.Database): SchemaLevel => schemaLevel(database, MIGRATIONS);

/** Opens the connection that writes, with the database brought to this version. @throws NewerSchemaError */
export function openMigrated(file: string): Session {
  const writer = openWriter(file);
  try {
    if (levelOf(writer.database).isNewer)
      throw new NewerSchemaError(
        `the database ${file} was written by a newer version; run that one, or restore a backup of before`,
      );
    migrate(drizzle(writer.database), { migrationsFolder: MIGRATIONS });
    return writer;
  } catch (err) {
    writer.database.close();
    throw err;
  }
}
