import { readFileSync } from 'node:fs';

/** What stays the same while the host is up. */
export interface HostFacts {
  /** Changes with every boot. */
  readonly bootId: string;
  readonly pidMax: number;
  /** Hard limits of this process, by their names in /proc/self/limits; null where unlimited. */
  readonly hardLimits: ReadonlyMap<string, number | null>;
}

const LIMIT_LINE = /^(Max [a-z ]+?)\s{2,}\S+\s+(\S+)/;

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function parseLimits(text: string): Map<string, number | null> {
  const limits = new Map<string, number | null>();
  for (const line of text.split('\n')) {
    const [, name, hard] = LIMIT_LINE.exec(line) ?? [];
    if (name && hard) limits.set(name, hard === 'unlimited' ? null : Number(hard));
  }
  return limits;
}

/** Reads the facts of this host once. Where there is no /proc they say nothing, and no run is found again. */
export const readHostFacts = (): HostFacts => ({
  bootId: readText('/proc/sys/kernel/random/boot_id').trim(),
  pidMax: Number(readText('/proc/sys/kernel/pid_max')),
  hardLimits: parseLimits(readText('/proc/self/limits')),
});
