import { closeSync, existsSync, openSync, read, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** What tells one process from another that later has the same pid, and where it belongs. */
export interface ProcessStat {
  readonly group: number;
  /** Ticks between boot and its start. */
  readonly startTicks: number;
  /** False for a zombie: it has ended, only its parent has not asked yet. */
  readonly alive: boolean;
  /** It has no environment and never will: a thread of the kernel, or a program that was started with none. */
  readonly isBare: boolean;
}

/** The kernel counts process times in these, on every Linux there is. */
const TICK_MS = 10;

/** More processes a millisecond than any machine starts. */
const FORKS_PER_MS = 50;

/** So many pids are looked at one by one before listing them all is cheaper. */
const PROBES_MAX = 64;

/** PF_KTHREAD of the flags in /proc/PID/stat. */
const KERNEL_THREAD = 0x0020_0000;

/** Where the environment ends, of a process that has none yet or none any more. */
const NOT_SET_UP = '0';

const ENVIRONMENT_PIECE_BYTES = 16 * 1024;

const readFromFile = promisify(read);

const PID = /^[1-9]\d*$/;

/** Reads /proc/PID/stat; null when there is no such process. */
export function readStat(pid: number): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const alive = !['Z', 'X', 'x'].includes(fields[0] ?? 'X');
    const isKernel = (Number(fields[6]) & KERNEL_THREAD) !== 0;
    const [start, end] = [fields[47], fields[48]];
    const isBare = isKernel || (end !== undefined && end !== NOT_SET_UP && end === start);
    return { group: Number(fields[2]), startTicks: Number(fields[19]), alive, isBare };
  } catch {
    return null;
  }
}

/** How long ago a process that started at these ticks did so, in milliseconds; by the kernel's clock. */
export function ageOf(startTicks: number): number {
  const uptimeSeconds = Number(readFileSync('/proc/uptime', 'latin1').split(' ')[0]);
  return Math.max(0, uptimeSeconds * 1000 - startTicks * TICK_MS);
}

/** The pid that was given last. */
export const lastPid = (): number => Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1));

/** Every process there is; none without /proc (`pidMax` 0). */
export function listProcesses(pidMax: number): number[] {
  if (pidMax === 0) return [];
  return readdirSync('/proc')
    .filter((name) => PID.test(name))
    .map(Number);
}

/**
 * The processes that can have been started since the one with this pid was, `ageMs` ago. Pids are given in rising
 * order and wrap, so for a young process these are few; once the numbers may have come round it is all of them.
 */
export function startedSince(pid: number, ageMs: number, pidMax: number): number[] {
  if (ageMs * FORKS_PER_MS >= pidMax) return listProcesses(pidMax);
  const last = lastPid();
  const isSince = (other: number): boolean =>
    last >= pid ? other >= pid && other <= last : other >= pid || other <= last;
  if (last < pid || last - pid > PROBES_MAX) return listProcesses(pidMax).filter(isSince);
  const probes = Array.from({ length: last - pid + 1 }, (_, step) => pid + step);
  return probes.filter((other) => existsSync(`/proc/${other}`));
}

/** Reads away from the loop: a process that hangs in the kernel can hang the one that reads its memory. */
async function readEnvironment(pid: number): Promise<string> {
  const file = openSync(`/proc/${pid}/environ`, 'r');
  const pieces: Buffer[] = [];
  try {
    for (let isWhole = false; !isWhole;) {
      const piece = Buffer.allocUnsafe(ENVIRONMENT_PIECE_BYTES);
      const { bytesRead } = await readFromFile(file, piece, 0, piece.length, null);
      pieces.push(piece.subarray(0, bytesRead));
      isWhole = bytesRead < piece.length;
    }
  } finally {
    closeSync(file);
  }
  return Buffer.concat(pieces).toString('latin1');
}

/** A process of another user, which is nobody's run. */
const isForbidden = (err: unknown): boolean =>
  err instanceof Error && 'code' in err && (err.code === 'EACCES' || err.code === 'EPERM');

/**
 * Tells whether a process was started with `NAME=value` in its environment. Null when that cannot be said yet: in the
 * middle of an `exec`, and while it dies, a process has no environment.
 */
export async function carries(pid: number, entry: string): Promise<boolean | null> {
  try {
    const environment = await readEnvironment(pid);
    if (environment !== '') return `\0${environment}`.includes(`\0${entry}\0`);
  } catch (err) {
    if (isForbidden(err)) return false;
  }
  const stat = readStat(pid);
  return stat?.alive === true && !stat.isBare ? null : false;
}

/** The process that a thread's number belongs to; the number itself where that cannot be read. */
export function processOf(pid: number): number {
  try {
    return Number(/^Tgid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? pid);
  } catch {
    return pid;
  }
}

/** Sends a signal to a process, or with a negative pid to its group; false when nobody is there or may be reached. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** Tells whether a process group still has members, zombies included. */
export function groupExists(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch (err) {
    return isForbidden(err);
  }
}
