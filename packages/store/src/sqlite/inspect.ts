import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Reader } from '../store.ts';
import { levelOf } from './migrate.ts';
import { DATABASE_FILE } from './open.ts';
import type { SchemaLevel } from './schema-level.ts';
import { openReader, type Session } from './session.ts';
import { readTables } from './tables.ts';

/** A look at the database of a folder, whether or not a router has it open; nothing is changed. */
export interface StoreInspection {
  readonly schema: SchemaLevel;
  /** What is wrong with the file, in words; nothing when it is whole. */
  faults(): readonly string[];
  /** How many rows name another that is not there. */
  danglingRows(): number;
  /** What can be read; only of a database of this version. */
  readonly read: Reader | null;
  close(): void;
}

const FAULTS_MAX = 20;

function faultsOf({ database }: Session): readonly string[] {
  try {
    const rows = database.prepare<[], { integrity_check: string }>(`PRAGMA integrity_check(${FAULTS_MAX})`);
    return rows.all().flatMap(({ integrity_check: says }) => (says === 'ok' ? [] : says.split('\n')));
  } catch (err) {
    return [err instanceof Error ? err.message : String(err)];
  }
}

/** Opens the database of a data folder for a look; null when there is none. @throws when it cannot be opened */
export function inspectStore(dataDir: string): StoreInspection | null {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) return null;
  const session = openReader(file);
  const { database } = session;
  try {
    const schema = levelOf(database);
    const isOfThisVersion = schema.pending === 0 && !schema.isNewer;
    return {
      schema,
      faults: () => faultsOf(session),
      danglingRows: () => database.prepare('PRAGMA foreign_key_check').all().length,
      read: isOfThisVersion ? readTables(session) : null,
      close: () => void database.close(),
    };
  } catch (err) {
    database.close();
    throw err;
  }
}
