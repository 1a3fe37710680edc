import { readFileSync } from 'node:fs';

/** Clock ticks of Linux, in which the kernel tells processor time. */
const TICKS_PER_SECOND = 100;

/** The processor time that a process has used so far, in milliseconds. Linux. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
  return ((user + system) * 1000) / TICKS_PER_SECOND;
}
