import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createJudge } from '@xem/router/contract';
import { openApiDocument } from '@xem/router/openapi';
import { systemClock } from '@xem/runtime';
import { lastWords } from '@xem/runtime/testing';
import { z } from 'zod';
import { openObservingProxy, type Observed, type ObservingProxy } from './observing-proxy.ts';

const SUPERVISOR = fileURLToPath(new URL('../../../dev/src/main.ts', import.meta.url));
/** What has not come to pass by then never will, however busy the machine is. */
const READY_MS = 60_000;
const POLL_MS = 25;

const MeshFile = z.object({
  router_url: z.string(),
  mcp_url: z.string(),
  console_url: z.string(),
  data_endpoint: z.string(),
  enroll_endpoint: z.string(),
  project_id: z.string(),
  workspace_id: z.string(),
  agent_ids: z.array(z.string()),
  effect_log: z.string(),
  keys: z.object({
    operator: z.string(),
    approver: z.string(),
    service: z.string(),
    inference: z.string(),
    other_project: z.string(),
  }),
  pids: z.object({ router: z.number(), agents: z.array(z.number()), mcp: z.number() }),
});

/** `dev.json` as the contract has it. */
export type MeshFacts = z.infer<typeof MeshFile>;

/** A whole mesh of real processes in a folder of its own. */
export interface Mesh {
  readonly dir: string;
  readonly facts: MeshFacts;
  readonly supervisor: ChildProcess;
  /** The way to the router on which every answer is held against the document of the API. */
  readonly url: string;
  readonly observed: Observed;
  /** @throws Error when answers on that way were not as the document says */
  checkAnswers(): void;
  /** Ctrl-C, and waits until every process is gone. @throws Error as `checkAnswers` does */
  stop(): Promise<void>;
}

const clock = systemClock();

/** Waits until something is true. @throws Error naming it when it takes too long */
export async function until(
  what: string,
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = READY_MS,
): Promise<void> {
  const giveUpAt = clock.monotonic() + timeoutMs;
  while (!(await isTrue())) {
    if (clock.monotonic() > giveUpAt) throw new Error(`${what} did not come to pass within ${timeoutMs} ms`);
    await clock.sleep(POLL_MS);
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

export const readFacts = (dir: string): MeshFacts =>
  MeshFile.parse(JSON.parse(readFileSync(join(dir, 'dev.json'), 'utf8')));

export const pidsOf = ({ pids }: MeshFacts): readonly number[] => [pids.router, ...pids.agents, pids.mcp];

/** How the folders of the meshes of this process begin. */
export const MESH_PREFIX = `xem-e2e-${process.pid}-`;

/** A folder that a mesh can live in. */
export const meshDir = (): Promise<string> => mkdtemp(join(tmpdir(), MESH_PREFIX));

/** Starts a mesh on free ports, or the one that lived in `dir` before. */
export async function startMesh(dir?: string, env: NodeJS.ProcessEnv = {}): Promise<Mesh> {
  const folder = dir ?? (await meshDir());
  const supervisor = spawn(process.execPath, [SUPERVISOR], {
    env: { ...process.env, XEM_LOG_LEVEL: 'info', XEM_DEV_PORT_BASE: '0', ...env, XEM_DEV_DIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const said: string[] = [];
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream.on('data', (piece: Buffer) => said.push(String(piece)));
  await ready(supervisor, folder).catch((error: unknown) => {
    supervisor.kill('SIGINT');
    throw new Error(`${said.join('')}${lastWords(folder)}`, { cause: error });
  });
  const facts = readFacts(folder);
  const proxy = await openObservingProxy(facts.router_url, createJudge(openApiDocument('')));
  return { dir: folder, facts, supervisor, ...observedBy(proxy), stop: () => stop(supervisor, facts, proxy) };
}

/** Waits for what a mesh writes when it is ready. */
const ready = (supervisor: ChildProcess, folder: string): Promise<void> =>
  until(`the mesh in ${folder}`, () => {
    if (isOver(supervisor)) throw new Error(`pnpm dev ended with ${supervisor.exitCode}`);
    return existsSync(join(folder, 'dev.json'));
  });

const observedBy = (proxy: ObservingProxy): Pick<Mesh, 'url' | 'observed' | 'checkAnswers'> => ({
  url: proxy.url,
  observed: proxy.observed,
  checkAnswers: () => proxy.check(),
});

async function stop(supervisor: ChildProcess, facts: MeshFacts, proxy: ObservingProxy): Promise<void> {
  await stopMesh(supervisor, facts);
  proxy.close();
  proxy.check();
}

const isOver = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

async function stopMesh(supervisor: ChildProcess, facts: MeshFacts): Promise<void> {
  if (!isOver(supervisor)) supervisor.kill('SIGINT');
  await until('the end of the mesh', () => isOver(supervisor));
  await until('the end of its processes', () => pidsOf(facts).every((pid) => !isAlive(pid)));
}

/** Removes the folder of a mesh that was stopped. */
export const removeMesh = (dir: string): Promise<void> => rm(dir, { recursive: true, force: true });
