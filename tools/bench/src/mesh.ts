import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@xem/runtime';
import { z } from 'zod';

const SUPERVISOR = fileURLToPath(new URL('../../dev/src/main.ts', import.meta.url));
/** Tools that only the benchmark needs. */
const BUNDLE = fileURLToPath(new URL('../bundle', import.meta.url));
const POLL_MS = 10;

const MeshFile = z.object({
  router_url: z.string(),
  workspace_id: z.string(),
  keys: z.object({ operator: z.string(), approver: z.string(), service: z.string() }),
  pids: z.object({ router: z.int(), agents: z.array(z.int()) }),
});

/** A mesh to be measured: the real processes of `pnpm dev` in a folder of their own. */
export interface BenchMesh extends z.infer<typeof MeshFile> {
  /** From the start of the supervisor to `dev.json`. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

/** Starts a mesh on free ports. @throws Error when it does not come up */
export async function startMesh(clock: Clock): Promise<BenchMesh> {
  const dir = await mkdtemp(join(tmpdir(), 'xem-bench-'));
  await cp(BUNDLE, join(dir, 'tools/bench'), { recursive: true });
  const startedAt = clock.monotonic();
  const supervisor = spawn(process.execPath, [SUPERVISOR], {
    env: { ...process.env, XEM_DEV_DIR: dir, XEM_DEV_PORT_BASE: '0', XEM_LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const file = join(dir, 'dev.json');
  while (!existsSync(file)) {
    if (supervisor.exitCode !== null) throw new Error(`the mesh ended with ${supervisor.exitCode}`);
    await clock.sleep(POLL_MS);
  }
  const readyMs = clock.monotonic() - startedAt;
  const ended = new Promise<void>((resolve) => supervisor.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    supervisor.kill('SIGINT');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
  return { ...MeshFile.parse(JSON.parse(readFileSync(file, 'utf8'))), readyMs, stop };
}
