import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DATABASE_FILE } from '@xem/store';
import { HEADS_FILE } from '../../heads/head-file.ts';

const OUTPUTS = 'outputs';
const LOCK_FILE = 'router.lock';

/** Keys by which agents know the router. */
export const isKeyFile = (name: string): boolean => name.endsWith('-key.hex');

/** Signed heads go with the database that they speak of. */
const isOfDatabase = (name: string): boolean =>
  name.startsWith(DATABASE_FILE) || name.startsWith(LOCK_FILE) || name === HEADS_FILE;

function filesBelow(folder: string, inner: string): readonly string[] {
  const entries = readdirSync(join(folder, inner), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(inner, entry.name);
    if (entry.isDirectory()) return filesBelow(folder, path);
    return entry.isFile() ? [path] : [];
  });
}

/** Files of a data folder beside its database: keys and the like, and all output. Paths within the folder. */
export function filesBeside(dataDir: string): readonly string[] {
  const entries = readdirSync(dataDir, { withFileTypes: true });
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === OUTPUTS ? filesBelow(dataDir, OUTPUTS) : [];
    return entry.isFile() && !isOfDatabase(entry.name) ? [entry.name] : [];
  });
}

/** What stands in a data folder besides the lock that whoever looks has made. */
export const foundIn = (dataDir: string): readonly string[] =>
  readdirSync(dataDir).filter((name) => !name.startsWith(LOCK_FILE) && name !== 'lost+found');
