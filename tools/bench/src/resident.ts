import { readFileSync } from 'node:fs';

const BYTES_PER_KIB = 1024;

/** The memory a process has resident now, in bytes. Linux. */
export function residentBytes(pid: number): number {
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) * BYTES_PER_KIB;
}
