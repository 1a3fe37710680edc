import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HopelessStartError } from '@xem/runtime';
import { DATABASE_FILE } from '@xem/store';

/** Where a restore makes a backup ready, within the data folder. */
export const RESTORE_DRAFT = '.restoring';

/**
 * Refuses a data folder whose restore was cut off when the old data was aside and the new not in its place: it looks
 * empty, and a router would begin anew in it. @throws HopelessStartError
 */
export function assertNotHalfRestored(dataDir: string): void {
  if (!existsSync(join(dataDir, RESTORE_DRAFT)) || existsSync(join(dataDir, DATABASE_FILE))) return;
  throw new HopelessStartError(
    `a restore of ${dataDir} was cut off: run it again with --force, or move back what is in the newest replaced-… folder within it and delete ${RESTORE_DRAFT}`,
  );
}
