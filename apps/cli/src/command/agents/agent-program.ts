import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EXIT, UsageError } from '../../exit.ts';
import type { Io, Sink } from '../../io.ts';

const LAUNCHER = 'apps/agent/bin/xem-agent';

/** The agent of the checkout that this program is of, or whatever the shell finds by that name. */
export function findAgentProgram(from = dirname(fileURLToPath(import.meta.url))): string {
  const path = join(from, LAUNCHER);
  if (existsSync(path)) return path;
  return dirname(from) === from ? 'xem-agent' : findAgentProgram(dirname(from));
}

/** Keys of people are none of the agent's business, and its own is in its file. */
const environmentOf = (io: Io): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(io.env).filter(([name]) => !/^(?:XEROTIER_|XEM_JOIN_KEY$)/.test(name)));

interface Running {
  readonly program: string;
  readonly configPath: string;
  /** The agent is enrolled and its first session is open. */
  readonly onReady: (agentId: string) => Promise<void>;
}

const pour = (from: ChildProcess['stdout'], into: Sink): void => {
  from?.on('data', (piece: Buffer) => void into.write(piece).catch(() => undefined));
};

const agentIdIn = (message: unknown): string | null =>
  typeof message === 'object' && message !== null && 'agent_id' in message ? String(message.agent_id) : null;

/** Runs an agent until it ends, and answers what it ends with: 78 when its router said no for good. @throws UsageError */
export async function runAgent(io: Io, { program, configPath, onReady }: Running): Promise<number> {
  const child = spawn(program, ['--config', configPath], {
    env: environmentOf(io),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  pour(child.stdout, io.stdout);
  pour(child.stderr, io.stderr);
  let told: Promise<void> | undefined;
  child.on('message', (message) => {
    const agentId = agentIdIn(message);
    if (agentId !== null) told = onReady(agentId);
  });
  const stopForwarding = io.onInterrupt(() => void child.kill('SIGINT'));
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once('error', (cause) => reject(new UsageError(`${program} cannot be started`, { cause })));
  child.once('close', (code) => resolve(code ?? EXIT.failed));
  try {
    const exit = await promise;
    await told;
    return exit;
  } finally {
    stopForwarding();
  }
}
