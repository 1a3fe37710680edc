import { execFile, fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';

const appFile = (path: string): string =>
  fileURLToPath(new URL(`../../../../apps/router/src/${path}`, import.meta.url));

const Ready = z.object({
  http_url: z.string(),
  data_endpoint: z.string(),
  enroll_endpoint: z.string(),
});
type Ready = z.infer<typeof Ready>;

const Seed = z.object({
  project_id: z.string(),
  workspace_id: z.string(),
  keys: z.object({ operator: z.string(), service: z.string() }),
});

/** A router of its own process. */
export interface RouterProcess extends Ready {
  readonly pid: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
}

/** Makes projects and keys in a folder that no router has yet. */
export async function seedRouter(dataDir: string): Promise<z.infer<typeof Seed>> {
  const args = [appFile('admin.ts'), 'seed-dev', '--data-dir', dataDir];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Seed.parse(JSON.parse(stdout));
}

const portOf = (url: string): string => url.slice(url.lastIndexOf(':') + 1);

const hear = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', (code) => reject(new Error(`the router ended with ${code}`)));
  });

/** Starts a router, on the ports of the one before if there was one; resolves when it is ready. */
export async function startRouter(dataDir: string, before?: Ready): Promise<RouterProcess> {
  const child = fork(appFile('main.ts'), [], {
    env: {
      ...process.env,
      XEM_DATA_DIR: dataDir,
      XEM_HTTP_PORT: before ? portOf(before.http_url) : '0',
      XEM_DATA_PORT: before ? portOf(before.data_endpoint) : '0',
      XEM_ENROLL_PORT: before ? portOf(before.enroll_endpoint) : '0',
      XEM_MESH_HOST: '127.0.0.1',
      XEM_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = Ready.parse(await hear(child));
  return {
    ...ready,
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
  };
}
