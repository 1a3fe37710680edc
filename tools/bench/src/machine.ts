import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@xem/runtime';
import { median } from './statistic.ts';

const FLUSHES = 200;
const BLOCK = Buffer.alloc(4096, 1);

/** What the figures were measured on. */
export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly node: string;
  /** Of a block of 4 KiB that is appended to a file, where the contestants have their data too. Milliseconds, median. */
  readonly fsyncMs: number;
  /** Of the last minute, before the run began: what others did. */
  readonly load: number;
}

/** What one flush to the disk costs, in milliseconds. */
function fsyncMs(clock: Clock): number {
  const dir = mkdtempSync(join(tmpdir(), 'xem-bench-fsync-'));
  const file = openSync(join(dir, 'file'), 'w');
  const times = Array.from({ length: FLUSHES }, () => {
    const startedAt = clock.monotonic();
    writeSync(file, BLOCK);
    fsyncSync(file);
    return clock.monotonic() - startedAt;
  });
  closeSync(file);
  rmSync(dir, { recursive: true });
  return median(times);
}

/** Looks at the machine. */
export function lookAtMachine(clock: Clock): Machine {
  const processors = cpus();
  return {
    cores: processors.length,
    processor: processors[0]?.model.trim() ?? 'unknown',
    node: process.version,
    load: loadavg()[0] ?? Number.NaN,
    fsyncMs: fsyncMs(clock),
  };
}
