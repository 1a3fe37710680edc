import { execFile, fork, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { JoinKey } from '@xem/protocol';
import { createJudge } from '@xem/router/contract';
import { openApiDocument } from '@xem/router/openapi';
import { z } from 'zod';
import { hangDoors } from './door.ts';
import { meshDir, removeMesh } from './mesh.ts';
import { openObservingProxy, type ObservingProxy } from './observing-proxy.ts';

const app = (path: string): string => fileURLToPath(new URL(`../../../../apps/${path}`, import.meta.url));
const run = promisify(execFile);
const NAME = 'apart';

const Seed = z.object({
  workspace_id: z.string(),
  keys: z.object({ operator: z.string(), approver: z.string(), service: z.string() }),
});

/** How a process ended. */
interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A program of the mesh that a test starts and stops by itself. */
export interface Part {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** A router and an agent without anybody who watches over them: either can be stopped and started alone. */
export interface PartsOfMesh {
  readonly workspaceId: string;
  /** The folder of everything. */
  readonly dir: string;
  startRouter(env?: NodeJS.ProcessEnv): Promise<Part>;
  /** Starts the router's program, with words on its line, and does not wait until it is ready. */
  launchRouter(env: NodeJS.ProcessEnv, ...words: readonly string[]): Part;
  /** Starts the agent, without waiting for its session. */
  startAgent(env?: NodeJS.ProcessEnv): Promise<Part>;
  request(method: 'GET' | 'POST', path: string, asked?: Asked): Promise<Response>;
  /** Runs one of the router's commands on its host, such as `backup`, to its end. */
  command(...words: readonly string[]): Promise<string>;
  /** What the agent keeps of its enrolment. */
  identity(): unknown;
  close(): Promise<void>;
}

interface Asked {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whose key it carries; the operator's unless said. */
  readonly as?: keyof z.infer<typeof Seed>['keys'];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

interface Start {
  readonly env: NodeJS.ProcessEnv;
  readonly words: readonly string[];
  /** Where what it says goes. */
  readonly log: string;
}

/** Starts a program of ours. */
function start(entry: string, { env, words: args, log }: Start): Part {
  const words = openSync(log, 'a', 0o600);
  const child = fork(entry, args, {
    env: { ...process.env, XEM_LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', words, words, 'ipc'],
  });
  closeSync(words);
  const ended = new Promise<Ended>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  return { child, ended };
}

/** Waits until a program says that it is ready. */
async function ready({ child, ended }: Part): Promise<void> {
  const end = await Promise.race([once(child, 'message').then(() => null), ended]);
  if (end) throw new Error(`it ended with ${end.signal ?? end.code} before it was ready`);
}

async function stop({ child, ended }: Part): Promise<void> {
  child.kill('SIGCONT');
  child.kill('SIGKILL');
  await ended;
}

interface Ground {
  readonly dir: string;
  readonly seed: z.infer<typeof Seed>;
  readonly ports: { readonly http: number; readonly data: number; readonly enroll: number };
  readonly proxy: ObservingProxy;
}

async function layGround(): Promise<Ground> {
  const dir = await meshDir();
  const dataDir = join(dir, 'router');
  mkdirSync(dataDir, { mode: 0o700 });
  hangDoors(dir);
  symlinkSync(app('agent/bundles/demo'), join(dir, 'tools', 'demo'));
  const admin = [app('router/src/admin.ts'), 'seed-dev', '--data-dir', dataDir];
  const { stdout } = await run(process.execPath, admin);
  const ports = { http: await freePort(), data: await freePort(), enroll: await freePort() };
  const proxy = await openObservingProxy(`http://127.0.0.1:${ports.http}`, createJudge(openApiDocument('')));
  return { dir, ports, proxy, seed: Seed.parse(JSON.parse(stdout)) };
}

const routerEnv = ({ dir, ports }: Ground): NodeJS.ProcessEnv => ({
  XEM_DATA_DIR: join(dir, 'router'),
  XEM_HTTP_PORT: `${ports.http}`,
  XEM_DATA_PORT: `${ports.data}`,
  XEM_ENROLL_PORT: `${ports.enroll}`,
  XEM_MESH_HOST: '127.0.0.1',
});

const agentEnv = ({ dir }: Ground, joinKey: string): NodeJS.ProcessEnv => ({
  XEM_STATE_DIR: join(dir, 'agent'),
  XEM_TOOLS_DIR: join(dir, 'tools'),
  XEM_CREDENTIALS_DIR: join(dir, 'credentials'),
  XEM_REGISTRATION_NAME: NAME,
  XEM_JOIN_KEY: joinKey,
  XEM_EFFECT_LOG: join(dir, 'effects.jsonl'),
});

const requestTo =
  ({ proxy, seed }: Ground): PartsOfMesh['request'] =>
  (method, path, { body, headers = {}, as = 'operator' } = {}) =>
    fetch(`${proxy.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${seed.keys[as]}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });

/** Lays out a mesh; nothing of it runs yet. */
export async function partsOfMesh(): Promise<PartsOfMesh> {
  const ground = await layGround();
  const { dir, seed } = ground;
  const request = requestTo(ground);
  const started: Part[] = [];
  let joinKey: string | undefined;
  const begin = (name: 'router' | 'agent', env: NodeJS.ProcessEnv, words: readonly string[] = []): Part => {
    const part = start(app(`${name}/src/main.ts`), { env, words, log: join(dir, `${name}.log`) });
    started.push(part);
    return part;
  };
  const launchRouter: PartsOfMesh['launchRouter'] = (env, ...words) =>
    begin('router', { ...routerEnv(ground), ...env }, words);
  const mint = async (): Promise<string> => {
    const body = { workspaces: [seed.workspace_id], name: NAME };
    const answer = await request('POST', '/v1/management/join-keys', { body });
    return JoinKey.parse(await answer.json()).value ?? '';
  };
  return {
    workspaceId: seed.workspace_id,
    dir,
    request,
    command: async (...words) => {
      const env = { ...process.env, ...routerEnv(ground) };
      return (await run(process.execPath, [app('router/src/main.ts'), ...words], { env })).stdout;
    },
    launchRouter,
    startRouter: async (env = {}) => {
      const router = launchRouter(env);
      await ready(router);
      return router;
    },
    startAgent: async (env = {}) => {
      joinKey ??= await mint();
      return begin('agent', { ...agentEnv(ground, joinKey), ...env });
    },
    identity: () => JSON.parse(readFileSync(join(dir, 'agent', 'identity.json'), 'utf8')),
    close: async () => {
      for (const part of started) await stop(part);
      await removeMesh(dir);
      ground.proxy.close();
      ground.proxy.check();
    },
  };
}
