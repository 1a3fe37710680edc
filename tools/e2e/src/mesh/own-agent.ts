import { fork, type ChildProcess } from 'node:child_process';
import { chmodSync, createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mintJoinKey } from './intruder.ts';
import { until, type Mesh } from './mesh.ts';

const MAIN = fileURLToPath(new URL('../../../../apps/agent/src/main.ts', import.meta.url));
const BUNDLES = fileURLToPath(new URL('bundles', import.meta.url));

/** An agent beside the one of `pnpm dev`, which a test may stop and start as it likes. */
export interface OwnAgent {
  readonly pid: () => number;
  readonly stateDir: string;
  /** Everything it ever logged. */
  readonly logged: () => string;
  /** How often tools of the `running` bundle were started with a seed. */
  readonly starts: (seed: string) => number;
  /** Starts it in the folder it had; resolves when it has a session. */
  start(): Promise<void>;
  /** Sends a signal and waits for the end of the process. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

interface Options {
  readonly name: string;
  /** Lines of its file of credentials. */
  readonly credentials?: string;
  /** Its folder of bundles; the one with the `running` bundle unless said. */
  readonly toolsDir?: string;
  /** The file of its own policy. */
  readonly policyPath?: string;
}

/** Lets an agent into the mesh. */
export async function startOwnAgent(mesh: Mesh, options: Options): Promise<OwnAgent> {
  const { name, credentials = '', toolsDir = BUNDLES, policyPath } = options;
  const dir = join(mesh.dir, name);
  mkdirSync(join(dir, 'credentials'), { recursive: true, mode: 0o700 });
  writeFileSync(join(dir, 'credentials', 'default'), credentials);
  chmodSync(join(dir, 'credentials', 'default'), 0o600);
  const key = await mintJoinKey(mesh, { name, workspaces: [mesh.facts.workspace_id] });
  const env = {
    PATH: process.env['PATH'],
    XEM_CONFIG: '/dev/null',
    XEM_STATE_DIR: join(dir, 'state'),
    XEM_TOOLS_DIR: toolsDir,
    ...(policyPath && { XEM_POLICY_PATH: policyPath }),
    XEM_CREDENTIALS_DIR: join(dir, 'credentials'),
    XEM_REGISTRATION_NAME: name,
    XEM_JOIN_KEY: key.value,
    XEM_SHUTDOWN_GRACE_SECONDS: '1',
    XEM_LOG_LEVEL: 'debug',
    RUNNING_LOG: join(dir, 'starts'),
  };
  const log = join(dir, 'agent.log');
  let child: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const started = fork(MAIN, [], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const into = createWriteStream(log, { flags: 'a' });
    started.stdout?.pipe(into, { end: false });
    started.stderr?.pipe(into, { end: false });
    child = started;
    let isReady = false;
    started.on('message', () => (isReady = true));
    await until(`the session of ${name}`, () => {
      if (started.exitCode !== null) throw new Error(`${name} ended: ${readText(log)}`);
      return isReady;
    });
  };
  await start();
  return {
    pid: () => child?.pid ?? 0,
    stateDir: env.XEM_STATE_DIR,
    logged: () => readText(log),
    starts: (seed) =>
      readText(env.RUNNING_LOG)
        .split('\n')
        .filter((line) => line === seed).length,
    start,
    end: async (signal) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return null;
      const exit = once(child, 'exit');
      child.kill(signal);
      await exit;
      return child.exitCode;
    },
  };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
