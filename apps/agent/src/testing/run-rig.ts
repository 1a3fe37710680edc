import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttemptKey, InvocationId } from '@xem/protocol';
import { silentLog, systemClock, systemIds } from '@xem/runtime';
import { NO_MASK } from '../run/mask.ts';
import { signal } from '../run/process-table.ts';
import { RESOURCE_LIMITS_DEFAULT } from '../run/resource-limits.ts';
import type { Run, RunOutput } from '../run/run.ts';
import { createRunner, type Runner, type RunRequest } from '../run/runner.ts';

/** What a test of runs needs: a spool of its own, runners over it, and a way to leave nothing behind. */
export interface RunRig {
  readonly spoolDir: string;
  readonly runner: Runner;
  /** A second agent's runner over the same spool. */
  anotherRunner(): Runner;
  /** The same, with 100 ms between SIGTERM and SIGKILL. */
  impatientRunner(): Runner;
  newKey(): AttemptKey;
  /** A request to run `argv`, with the fields given in place of the usual ones. */
  request(argv: RunRequest['argv'], fields?: Partial<RunRequest>): RunRequest;
  /** Path of a file in the folder of an attempt. */
  path(key: AttemptKey, name: string): string;
  close(): Promise<void>;
}

/** Long enough for a tool that obeys, on a machine that is busy. */
const KILL_GRACE_MS = 5000;

/** For tests of tools that do not obey. */
const SHORT_KILL_GRACE_MS = 100;

const clock = systemClock();
const ids = systemIds(clock);

/** A rig with an empty spool. */
export function openRunRig(): RunRig {
  const folder = mkdtempSync(join(tmpdir(), 'xem-run-'));
  const spoolDir = join(folder, 'spool');
  const runners: Runner[] = [];
  const open = (killGraceMs: number): Runner => {
    const runner = createRunner({ spoolDir, clock, log: silentLog, pollMs: 50, killGraceMs });
    runners.push(runner);
    return runner;
  };
  const started: AttemptKey[] = [];
  return {
    spoolDir,
    runner: open(KILL_GRACE_MS),
    anotherRunner: () => open(KILL_GRACE_MS),
    impatientRunner: () => open(SHORT_KILL_GRACE_MS),
    newKey: () => {
      const key = AttemptKey.parse({ execution_id: ids.uuid(), attempt: 1 });
      started.push(key);
      return key;
    },
    request(argv, fields = {}) {
      const env = { PATH: process.env['PATH'] ?? '' };
      const invocationId = InvocationId.parse(ids.uuid());
      const sizes = { timeoutMs: 60_000, outputBytesMax: 16 * 1024 * 1024 };
      const rest = { stdin: '', limits: RESOURCE_LIMITS_DEFAULT, mask: NO_MASK };
      return { key: fields.key ?? this.newKey(), invocationId, argv, env, ...sizes, ...rest, ...fields };
    },
    path: (key, name) => join(spoolDir, `${key.execution_id}.${key.attempt}`, name),
    close: async () => {
      for (const runner of runners) runner.close();
      await killAll(started);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Pids of the living processes that carry the execution id of `key`. */
export function carriersOf(key: AttemptKey): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => environmentOf(pid).includes(key.execution_id)).map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

async function killAll(keys: readonly AttemptKey[]): Promise<void> {
  for (let left = keys.flatMap(carriersOf); left.length > 0; left = keys.flatMap(carriersOf)) {
    for (const pid of left) signal(pid, 'SIGKILL');
    await clock.sleep(5);
  }
}

/** Everything of a stream from an offset on, checked to be without gaps. */
export async function collect(output: RunOutput, from = 0): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let at = from;
  for await (const chunk of output.read(from)) {
    if (chunk.offset !== at) throw new Error(`a gap: ${chunk.offset} after ${at}`);
    at += chunk.bytes.length;
    pieces.push(chunk.bytes);
  }
  return Buffer.concat(pieces);
}

/** Both streams as text, and the end. */
export async function outcome(run: Run) {
  const [stdout, stderr] = await Promise.all([collect(run.stdout), collect(run.stderr)]);
  return { stdout: stdout.toString(), stderr: stderr.toString(), end: await run.ended };
}
