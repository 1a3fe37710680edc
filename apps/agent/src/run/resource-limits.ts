import type { HostFacts } from './host-facts.ts';

/** What one run may take of the host; null is as much as the agent itself may. */
export interface ResourceLimits {
  /** Processor time of each process, in seconds; SIGXCPU beyond, and SIGKILL for one that takes no notice. */
  readonly cpuSeconds: number | null;
  /** Virtual memory of each process, in bytes. */
  readonly memoryBytes: number | null;
  /** Processes of the agent's user at one time; root is exempt. */
  readonly processes: number | null;
  readonly openFiles: number | null;
  /** Size of each file it writes, its output included, in bytes; SIGXFSZ beyond. */
  readonly fileBytes: number | null;
}

/** The limits of a run for which nothing else was said. */
export const RESOURCE_LIMITS_DEFAULT: ResourceLimits = {
  cpuSeconds: null,
  memoryBytes: null,
  processes: null,
  openFiles: 4096,
  fileBytes: null,
};

/** The units of `ulimit`, in bytes. */
const FILE_BLOCK_BYTES = 512;
const MEMORY_BLOCK_BYTES = 1024;

/** From SIGXCPU to SIGKILL, in seconds of processor time. */
const CPU_GRACE_SECONDS = 5;

/** The words of the `sh` line, in its order: a word above the hard limit would end the shell. */
export function limitWords(limits: ResourceLimits, { hardLimits }: HostFacts): string[] {
  const word = (limit: number | null, name: string, unit: number): string => {
    const hard = hardLimits.get(name) ?? null;
    const least = Math.min(limit ?? Infinity, hard ?? Infinity);
    return Number.isFinite(least) ? String(Math.floor(least / unit)) : 'unlimited';
  };
  return [
    word(limits.cpuSeconds, 'Max cpu time', 1),
    word(limits.cpuSeconds && limits.cpuSeconds + CPU_GRACE_SECONDS, 'Max cpu time', 1),
    word(limits.memoryBytes, 'Max address space', MEMORY_BLOCK_BYTES),
    word(limits.openFiles, 'Max open files', 1),
    word(limits.fileBytes, 'Max file size', FILE_BLOCK_BYTES),
    word(limits.processes, 'Max processes', 1),
  ];
}
