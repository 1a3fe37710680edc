import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AttemptKey, attemptName } from '@xem/protocol';
import { z } from 'zod';

/** What the agent must know of a run to find it again after a restart. */
const Meta = z.object({
  execution_id: z.string(),
  attempt: z.int(),
  invocation_id: z.string(),
  pid: z.int().min(1),
  start_ticks: z.int().min(0),
  boot_id: z.string(),
  timeout_ms: z.int().min(0),
  output_bytes_max: z.int().min(0),
  /** The mask of its output, by its name in the archive; null when it has none. */
  mask: z.string().nullable().default(null),
});
export type Meta = z.infer<typeof Meta>;

/** Why the agent told a run to end; the first reason stands. */
const Cause = z.object({ by: z.enum(['cancel', 'timeout', 'limit']), reason: z.string() });
export type Cause = z.infer<typeof Cause>;

/** The folder of one attempt: `in`, `out`, `err`, `exit`, `meta.json`, `cause.json` and the tool's `work`. */
export interface SpoolFolder {
  readonly path: string;
  readonly work: string;
  readonly out: string;
  readonly err: string;
  exists(): boolean;
  /** Makes the folder. Throws when it exists: an attempt is started once. */
  create(stdin: string | Buffer): void;
  writeMeta(meta: Meta): void;
  readMeta(): Meta | null;
  writeCause(cause: Cause): void;
  readCause(): Cause | null;
  /** True once the shell has opened the tool's streams, the last thing it does before it becomes the tool. */
  hasStreams(): boolean;
  /** The status as soon as it is complete, a number and a newline; null before. */
  readStatus(): number | null;
  /** Milliseconds from the report of the start to the status, by the times of the files; 0 when they do not say. */
  durationMs(): number;
}

const STATUS = /^(\d{1,3})\n$/;
const STATUS_MAX = 255;
const NAME = /^(?<execution_id>[0-9a-f-]{36})\.(?<attempt>[1-9]\d{0,8})$/;

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function readJson<T>(path: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null;
  }
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, JSON.stringify(value), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** The name of an attempt's folder. The key is parsed again, so that no id ever becomes another path. */
export function folderName(key: AttemptKey): string {
  return attemptName(AttemptKey.parse(key));
}

/** The attempt a folder's name stands for; null for any other name. */
export function keyOf(name: string): AttemptKey | null {
  const { execution_id, attempt } = NAME.exec(name)?.groups ?? {};
  const parsed = AttemptKey.safeParse({ execution_id, attempt: Number(attempt) });
  return parsed.success ? parsed.data : null;
}

/** The folder of an attempt, whether it exists or not. */
export function spoolFolder(spoolDir: string, key: AttemptKey): SpoolFolder {
  const path = join(spoolDir, folderName(key));
  const file = (name: string): string => join(path, name);
  const modifiedMs = (name: string): number => statSync(file(name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return {
    path,
    work: file('work'),
    out: file('out'),
    err: file('err'),
    exists: () => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
    create: (stdin) => {
      mkdirSync(path, { mode: 0o700 });
      mkdirSync(file('work'), { mode: 0o700 });
      writeFileSync(file('in'), stdin, { mode: 0o600 });
    },
    writeMeta: (meta) => writeJson(file('meta.json'), meta),
    readMeta: () => readJson(file('meta.json'), Meta),
    writeCause: (cause) => writeJson(file('cause.json'), cause),
    readCause: () => readJson(file('cause.json'), Cause),
    hasStreams: () => existsSync(file('err')),
    readStatus: () => {
      const status = Number(STATUS.exec(readText(file('exit')) ?? '')?.[1] ?? Infinity);
      return status <= STATUS_MAX ? status : null;
    },
    durationMs: () => Math.max(0, Math.round(modifiedMs('exit') - modifiedMs('meta.json'))),
  };
}
