import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@xem/runtime';
import { z } from 'zod';
import { readProcess, signalProcess, type ProcessName } from './process-table.ts';

/** A program to run: a module for Node, its arguments and its whole environment. */
export interface ServiceRow {
  readonly name: string;
  readonly entry: string;
  readonly args?: readonly string[];
  /** Flags for Node itself. */
  readonly nodeFlags?: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** How a service ended: one of the two is null. */
export interface ServiceEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A running service. */
export interface Service {
  readonly name: string;
  readonly process: ProcessName;
  /** What it said when it was ready. Rejects when it ends before. */
  readonly ready: Promise<unknown>;
  readonly ended: Promise<ServiceEnd>;
  /** SIGTERM, and SIGKILL after `STOP_GRACE_MS`; resolves when the process is gone. */
  stop(): Promise<void>;
  /** The last lines it wrote to its log. */
  lastWords(): string;
}

/** How long a service may take to stop. */
export const STOP_GRACE_MS = 5000;

const LAST_LINES = 20;
const ReadyMessage = z.looseObject({ type: z.literal('ready') });

/** Opens a log anew and keeps the one of the start before. */
function openLog(path: string): number {
  if (existsSync(path)) renameSync(path, `${path}.1`);
  return openSync(path, 'a', 0o600);
}

const endOf = (child: ChildProcess): Promise<ServiceEnd> =>
  new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));

function readyOf(child: ChildProcess, ended: Promise<ServiceEnd>, name: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  child.on('message', (message) => {
    if (ReadyMessage.safeParse(message).success) resolve(message);
  });
  void ended.then(({ code, signal }) =>
    reject(new Error(`${name} ended with ${signal ?? `status ${code}`}`)),
  );
  promise.catch(() => undefined);
  return promise;
}

/** Starts a service in a process group of its own, so that Ctrl-C reaches it through its supervisor only. */
export function startService(clock: Clock, logDir: string, row: ServiceRow): Service {
  const logPath = join(logDir, `${row.name}.log`);
  const log = openLog(logPath);
  const child = fork(row.entry, row.args ?? [], {
    detached: true,
    execArgv: [...(row.nodeFlags ?? [])],
    env: row.env,
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const pid = child.pid;
  if (pid === undefined) throw new Error(`${row.name} could not be started`);
  const ended = endOf(child);
  return {
    name: row.name,
    process: { pid, started: readProcess(pid)?.started ?? 0 },
    ready: readyOf(child, ended, row.name),
    ended,
    stop: async () => {
      signalProcess(pid, 'SIGTERM');
      const cancel = clock.after(STOP_GRACE_MS, () => signalProcess(pid, 'SIGKILL'));
      await ended;
      cancel();
    },
    lastWords: () => readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-LAST_LINES).join('\n'),
  };
}
