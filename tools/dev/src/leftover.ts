import { readdirSync, readlinkSync } from 'node:fs';
import type { Clock } from '@xem/runtime';
import { isAlive, signalProcess, type ProcessName } from './process-table.ts';
import { STOP_GRACE_MS } from './service.ts';

const POLL_MS = 20;

/**
 * Waits for the services of a supervisor that was killed: they stop by themselves once it is gone, and until then
 * they hold ports and files. Those that do not are killed.
 */
export async function awaitLeftovers(clock: Clock, services: readonly ProcessName[]): Promise<void> {
  const giveUpAt = clock.monotonic() + STOP_GRACE_MS;
  while (services.some(isAlive) && clock.monotonic() < giveUpAt) await clock.sleep(POLL_MS);
  for (const service of services.filter(isAlive)) signalProcess(service.pid, 'SIGKILL');
}

function workingFolderOf(pid: string): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

/** Kills every process that works below a folder: runs of tools whose agent had to be killed before it ended them. */
export function killBelow(dir: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (workingFolderOf(pid)?.startsWith(`${dir}/`)) signalProcess(Number(pid), 'SIGKILL');
  }
}
