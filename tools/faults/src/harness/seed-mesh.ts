import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { z } from 'zod';
import { COMPILE_CACHE, PROGRAMS } from './place.ts';

/** What a mesh begins with: two projects, a workspace of the first, and keys. */
export const Seed = z.object({
  project_id: z.string(),
  workspace_id: z.string(),
  other_project_id: z.string(),
  keys: z.object({
    operator: z.string(),
    approver: z.string(),
    service: z.string(),
    other_project: z.string(),
  }),
});
export type Seed = z.infer<typeof Seed>;

const run = promisify(execFile);

/** How long an approval of a mesh that is broken waits for a human, in seconds: short, so that some expire. */
const APPROVAL_SECONDS = 6;

/** Approvals would wait for a quarter of an hour; there is no operation yet that shortens them. */
function hastenApprovals(dataDir: string): void {
  const db = new DatabaseSync(join(dataDir, 'xem.db'));
  db.prepare(
    `UPDATE policy SET rules = json_set(rules, '$.timeoutSeconds.destructive', ?, '$.timeoutSeconds.irreversible', ?)`,
  ).run(APPROVAL_SECONDS, APPROVAL_SECONDS);
  db.close();
}

const CREDITS = 1_000_000_000;

/** Every project pays for its calls, so that what is kept back and settled can be judged. */
function meterProjects(dataDir: string): void {
  const db = new DatabaseSync(join(dataDir, 'xem.db'));
  db.prepare('UPDATE project SET tariff = ?').run(JSON.stringify({ perCall: 2, perSecond: 1 }));
  db.prepare(
    'INSERT INTO credit (project_id, granted, reserved, settled) SELECT id, ?, 0, 0 FROM project',
  ).run(CREDITS);
  db.close();
}

/** Makes the projects and keys of a mesh in an empty folder. */
export async function seedMesh(dataDir: string): Promise<Seed> {
  const env = { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE };
  const { stdout } = await run(process.execPath, [PROGRAMS.admin, 'seed-dev', '--data-dir', dataDir], {
    env,
  });
  hastenApprovals(dataDir);
  meterProjects(dataDir);
  return Seed.parse(JSON.parse(stdout));
}
