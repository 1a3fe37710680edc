import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProjectId, Sha256, Timestamp } from '@xem/protocol';
import { z } from 'zod';

/** The name of the manifest in the folder of a backup. It is written last: a folder without one is no backup. */
export const MANIFEST_FILE = 'backup.json';

/** A path within the folder, never out of it. */
const InnerPath = z.string().refine((path) => path.split('/').every((part) => part !== '' && part !== '..'));

/** What a backup holds, and when and of what it was made. */
export const BackupManifest = z.object({
  object: z.literal('xem_backup'),
  version: z.literal(1),
  made_at: Timestamp,
  router_version: z.string(),
  /** How many migrations the database has had. */
  schema: z.int().min(0),
  /** Whether the keys are in it by which agents know the router. */
  keys: z.boolean(),
  heads: z.array(z.object({ project_id: ProjectId, seq: z.int().min(0), hash: Sha256 })),
  files: z.array(z.object({ path: InnerPath, bytes: z.int().min(0), sha256: Sha256 })),
});
export type BackupManifest = z.infer<typeof BackupManifest>;

/** Reads the manifest of a backup. @throws Error when the folder holds none */
export function readManifest(folder: string): BackupManifest {
  const path = join(folder, MANIFEST_FILE);
  try {
    return BackupManifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Error(`${folder} is no whole backup: ${MANIFEST_FILE} cannot be read`, { cause });
  }
}
