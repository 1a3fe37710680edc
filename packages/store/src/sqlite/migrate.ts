import { fileURLToPath } from 'node:url';
import { drizzle, migrate } from './drizzle.ts';
import { openWriter, type Session } from './session.ts';

const MIGRATIONS = fileURLToPath(new URL('../../migrations/sqlite', import.meta.url));

/** Opens the connection that writes, with the database brought to this version. */
export function openMigrated(file: string): Session {
  const writer = openWriter(file);
  try {
    migrate(drizzle(writer.database), { migrationsFolder: MIGRATIONS });
    return writer;
  } catch (err) {
    writer.database.close();
    throw err;
  }
}
