import { readdir, readFile } from 'node:fs/promises';
import { canonicalJson } from '@xem/protocol';
import { z } from 'zod';
import { answer, type Builtin } from '../builtin.ts';

const Arguments = z.object({
  name: z.string().optional(),
  sort_by: z.enum(['memory', 'cpu', 'pid']).default('memory'),
  limit: z.int().min(1).max(1000).default(50),
});

/** The kernel's unit of process times, and the size of its pages on the machines Node runs on. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;

/** Files of /proc read at a time. */
const BATCH = 32;

interface ProcessRow {
  readonly pid: number;
  readonly parent_pid: number;
  readonly name: string;
  readonly state: string;
  readonly threads: number;
  readonly memory_bytes: number;
  readonly cpu_ms: number;
}

/** Reads one process; its name only, since command lines hold secrets. Null when it ended meanwhile. */
async function readProcess(pid: string): Promise<ProcessRow | null> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (index: number): number => Number(fields[index]);
    return {
      pid: Number(pid),
      parent_pid: field(1),
      name: text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')),
      state: fields[0] ?? '?',
      threads: field(17),
      memory_bytes: field(21) * PAGE_BYTES,
      cpu_ms: (field(11) + field(12)) * TICK_MS,
    };
  } catch {
    return null;
  }
}

const ORDERS = {
  memory: (a: ProcessRow, b: ProcessRow) => b.memory_bytes - a.memory_bytes,
  cpu: (a: ProcessRow, b: ProcessRow) => b.cpu_ms - a.cpu_ms,
  pid: (a: ProcessRow, b: ProcessRow) => a.pid - b.pid,
};

/** Processes of the host, the largest first, as JSON. */
export const hostProcesses: Builtin = async (args, { signal }) => {
  const { name, sort_by: sortBy, limit } = Arguments.parse(args);
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const rows: ProcessRow[] = [];
  for (let at = 0; at < pids.length; at += BATCH) {
    signal.throwIfAborted();
    const read = await Promise.all(pids.slice(at, at + BATCH).map(readProcess));
    rows.push(...read.filter((row) => row !== null));
  }
  const found = name === undefined ? rows : rows.filter((row) => row.name.includes(name));
  const processes = found.toSorted(ORDERS[sortBy]).slice(0, limit);
  return answer(canonicalJson({ total: found.length, processes }));
};
