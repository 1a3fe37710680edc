import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { HopelessStartError } from '@xem/runtime';

/** Where a restore makes a backup ready, within the data folder. */
export const RESTORE_DRAFT = '.restoring';

/** There from when a restore begins to replace what is in the data folder until all is done, be it by a later try. */
export const RESTORE_MARK = '.restore-unfinished';

/**
 * Refuses a data folder whose restore was cut off: it may look empty, or hold half of what was there or of the backup,
 * and a router would begin anew in it. @throws HopelessStartError
 */
export function assertNotHalfRestored(dataDir: string): void {
  if (!existsSync(join(dataDir, RESTORE_MARK))) return;
  throw new HopelessStartError(
    `a restore of ${dataDir} was cut off: run it again with --force; what was there before is kept in replaced-… within it`,
  );
}
