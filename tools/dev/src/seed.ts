import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { promisify } from 'node:util';
import { z } from 'zod';
import { remember } from './memory.ts';
import { MeshKeys } from './mesh-file.ts';
import type { Place } from './place.ts';
import { readPrivateJson, writePrivateJson } from './private-file.ts';

/** What `admin.ts seed-dev` prints: two projects, a workspace of the first, and fresh keys. */
export const Seed = z.object({
  project_id: z.string(),
  workspace_id: z.string(),
  other_project_id: z.string(),
  keys: MeshKeys,
});
export type Seed = z.infer<typeof Seed>;

interface SeedOptions {
  readonly place: Place;
  /** The router's program for work on its host. */
  readonly admin: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const run = promisify(execFile);

async function seedAnew({ place, admin, env, signal }: SeedOptions): Promise<Seed> {
  const args = [admin, 'seed-dev', '--data-dir', place.routerDir];
  const { stdout } = await run(process.execPath, args, { env, signal });
  const seed = Seed.parse(JSON.parse(stdout));
  writePrivateJson(place.keysFile, seed);
  return seed;
}

/**
 * The projects and keys of a mesh, made at its first start. A router's folder that somebody removed counts as
 * first start, and then the agent, which nobody knows any more, begins anew too.
 */
export async function seedMesh(options: SeedOptions): Promise<Seed> {
  const { place } = options;
  if (existsSync(place.routerDir)) {
    return readPrivateJson(place.keysFile, Seed) ?? (await seedAnew(options));
  }
  rmSync(place.agentDir, { recursive: true, force: true });
  remember(place, { agent_id: null });
  return seedAnew(options);
}
