import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Agent, type JoinKey } from '@xem/protocol';
import { onTestFailed, onTestFinished } from 'vitest';
import { call } from './api.ts';
import { until, type Mesh } from './mesh.ts';

/** The program, as a host starts it. */
export const LAUNCHER = fileURLToPath(new URL('../../../../apps/agent/bin/xem-agent', import.meta.url));
const BUNDLES = fileURLToPath(new URL('../../../../apps/agent/bundles', import.meta.url));

/** Of what an agent wrote so many characters are told when its test fails. */
const TOLD_MAX = 16 * 1024;

/** A host of its own on this machine, with the folders of one agent. */
export interface AgentHost {
  readonly env: NodeJS.ProcessEnv;
  /** Starts the agent, with a join key at its first start. */
  start(joinKey?: Pick<JoinKey, 'value'>): AgentProcess;
}

/** An agent that was started. */
export interface AgentProcess {
  readonly child: ChildProcess;
  /** Everything it wrote. */
  readonly words: () => string;
  /** What it ended with; null while it runs. */
  readonly status: () => number | null;
  kill(signal: NodeJS.Signals): Promise<void>;
}

function startProcess(env: NodeJS.ProcessEnv): AgentProcess {
  const child = spawn(LAUNCHER, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (piece: Buffer) => said.push(String(piece)));
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    child,
    words: () => said.join(''),
    status: () => child.exitCode,
    kill: async (signal) => {
      if (!isOver()) child.kill(signal);
      await until('the end of an agent', isOver);
    },
  };
}

/** A host whose agents are stopped when the test has ended. */
export function agentHost(name: string): AgentHost {
  const folder = mkdtempSync(join(tmpdir(), 'xem-host-'));
  const started: AgentProcess[] = [];
  onTestFinished(async () => {
    for (const agent of started) await agent.kill('SIGTERM');
    rmSync(folder, { recursive: true, force: true });
  });
  onTestFailed(() => {
    for (const { words } of started) process.stderr.write(`--- ${name}\n${words().slice(-TOLD_MAX)}\n`);
  });
  const env = {
    PATH: process.env['PATH'],
    XEM_CONFIG: '/dev/null',
    XEM_STATE_DIR: join(folder, 'state'),
    XEM_TOOLS_DIR: BUNDLES,
    XEM_CREDENTIALS_DIR: join(folder, 'credentials'),
    XEM_EFFECT_LOG: join(folder, 'effects.jsonl'),
    XEM_ON_SHUTDOWN: 'kill',
    XEM_SHUTDOWN_GRACE_SECONDS: '0',
    XEM_REGISTRATION_NAME: name,
  };
  return {
    env,
    start: (joinKey) => {
      const agent = startProcess({ ...env, ...(joinKey?.value && { XEM_JOIN_KEY: joinKey.value }) });
      started.push(agent);
      return agent;
    },
  };
}

/** Every agent of a name, the newest first. */
export async function agentsNamed(mesh: Mesh, name: string): Promise<readonly Agent[]> {
  const { body } = await call(mesh, { path: '/v1/exec/agents?limit=100' });
  const page = Object(body);
  return Agent.array()
    .parse(page['data'])
    .filter((agent) => agent.registration_name === name);
}

/** Waits until the agents of a name stand like this, the newest first. */
export async function standing(
  mesh: Mesh,
  name: string,
  statuses: readonly Agent['status'][],
): Promise<readonly Agent[]> {
  let seen: readonly Agent[] = [];
  await until(`${name} to be ${statuses.join(' and ')}`, async () => {
    seen = await agentsNamed(mesh, name);
    return seen.map(({ status }) => status).join() === statuses.join();
  });
  return seen;
}
