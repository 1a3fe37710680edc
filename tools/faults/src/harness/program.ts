import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** How a process ended. */
interface ProgramEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One run of a program of the mesh. */
export interface Program {
  readonly pid: number;
  /** What it said when it was ready. Rejects when it ends before. */
  readonly ready: Promise<unknown>;
  readonly ended: Promise<ProgramEnd>;
  isRunning(): boolean;
  signal(signal: NodeJS.Signals): void;
}

/** What to run, with which environment, and where its words go. */
export interface ProgramRow {
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logPath: string;
}

const isReady = (message: unknown): boolean =>
  typeof message === 'object' && message !== null && 'type' in message && message.type === 'ready';

function readyOf(child: ChildProcess, ended: Promise<ProgramEnd>, { entry, logPath }: ProgramRow) {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  child.on('message', (message) => {
    if (isReady(message)) resolve(message);
  });
  const explain = ({ code, signal }: ProgramEnd): void => {
    const words = readFileSync(logPath, 'utf8').trimEnd().split('\n').slice(-5).join('\n');
    reject(new Error(`${entry} ended with ${signal ?? code} before it was ready:\n${words}`));
  };
  void ended.then(explain);
  promise.catch(() => undefined);
  return promise;
}

/** Starts a program in a process group of its own. It stops when whoever started it is gone. */
export function startProgram(row: ProgramRow): Program {
  const log = openSync(row.logPath, 'a', 0o600);
  const child = fork(row.entry, [], {
    detached: true,
    env: row.env,
    execArgv: [],
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  child.on('error', () => undefined);
  const ended = new Promise<ProgramEnd>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  return {
    pid: child.pid ?? 0,
    ready: readyOf(child, ended, row),
    ended,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    signal: (signal) => void child.kill(signal),
  };
}
