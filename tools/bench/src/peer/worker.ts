import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The process in which a peer does the work, as our agent is one. */
export interface Worker {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts a worker program; resolves when it has said that it is ready. */
export async function startWorker(program: URL, args: readonly string[]): Promise<Worker> {
  const env = { ...process.env, RESTATE_LOGGING: 'ERROR' };
  const child = fork(fileURLToPath(program), args, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const failed = ended.then(() => {
    throw new Error(`${program.pathname} ended before it was ready`);
  });
  failed.catch(() => undefined);
  await Promise.race([once(child, 'message'), failed]);
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
