import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const succeeds = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: 'ignore' }).status === 0;

/** A small disk of its own under a folder. */
export interface SmallDisk {
  /** Takes all that is left of it. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  setReadOnly(isReadOnly: boolean): boolean;
  unmount(): void;
}

/** Mounts a small disk in memory; null where nobody may. */
export function mountSmallDisk(folder: string, mebibytes: number): SmallDisk | null {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!succeeds('mount', '-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=700`, 'tmpfs', folder)) return null;
  const ballast = join(folder, 'ballast');
  const room = Buffer.alloc(256 * 1024);
  return {
    fill: () => {
      for (let size = room.length; size >= 1024; size /= 2) {
        const piece = room.subarray(0, size);
        while (append(ballast, piece));
      }
    },
    free: () => rmSync(ballast, { force: true }),
    setReadOnly: (isReadOnly) => succeeds('mount', '-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder),
    unmount: () => void succeeds('umount', '-l', folder),
  };
}

function append(path: string, bytes: Buffer): boolean {
  try {
    writeFileSync(path, bytes, { flag: 'a' });
    return true;
  } catch {
    return false;
  }
}

/** Whether system calls of other processes can be made to fail here. */
export const canInject = (): boolean => succeeds('strace', '-V');

/** Makes a system call of a process and its threads fail until the answer is called. */
export async function inject(pid: number, rule: string): Promise<() => Promise<void>> {
  const calls = rule.slice(0, rule.indexOf(':'));
  const args = [
    '-f',
    '-qq',
    '-o',
    '/dev/null',
    '-e',
    `trace=${calls}`,
    '-e',
    `inject=${rule}`,
    '-p',
    `${pid}`,
  ];
  const tracer = spawn('strace', args, { stdio: 'ignore' });
  await once(tracer, 'spawn');
  const gone = once(tracer, 'exit');
  return async () => {
    tracer.kill('SIGINT');
    await gone;
  };
}
