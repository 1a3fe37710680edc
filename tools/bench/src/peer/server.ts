import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Clock } from '@xem/runtime';

const POLL_MS = 5;
const PATIENCE_MS = 30_000;

/** A server of a peer, which is no Node program and says nothing when it is ready. */
export interface Server {
  readonly pid: number;
  stop(): Promise<void>;
}

interface Starting {
  readonly clock: Clock;
  readonly program: string;
  readonly args: readonly string[];
  readonly options?: SpawnOptions;
  /** Where what it says goes; told when it does not come up. */
  readonly log: string;
  /** Whether it can be used by now. A rejection means no. */
  readonly isReady: () => Promise<boolean>;
}

async function untilReady({ clock, program, log, isReady }: Starting, child: ChildProcess): Promise<void> {
  const givesUpAt = clock.monotonic() + PATIENCE_MS;
  while (!(await isReady().catch(() => false))) {
    if (child.exitCode !== null || clock.monotonic() > givesUpAt)
      throw new Error(`${program} does not come up:\n${readFileSync(log, 'utf8')}`);
    await clock.sleep(POLL_MS);
  }
}

/** Starts a server and waits until it is ready. @throws Error when it ends, or is not ready in time */
export async function startServer(starting: Starting): Promise<Server> {
  const { clock, program, args, options, log } = starting;
  const output = openSync(log, 'w');
  const child = spawn(program, args, { ...options, stdio: ['ignore', output, output] });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGINT');
    const cancel = clock.after(PATIENCE_MS, () => child.kill('SIGKILL'));
    await ended;
    cancel();
  };
  try {
    await untilReady(starting, child);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid: child.pid ?? 0, stop };
}

/** Whether a server answers this with a status of success. */
export const answersOk = async (url: string): Promise<boolean> => (await fetch(url)).ok;
