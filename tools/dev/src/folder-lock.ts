import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

/** A socket of Linux's abstract name space: it has no file, and the kernel frees the name with the process. */
const nameOf = (dir: string): string =>
  `\0xem-dev-${createHash('sha256').update(realpathSync(dir)).digest('hex')}`;

/** Takes a folder for this process's life; null when another process has it. Close the lock to give it back. */
export async function lockFolder(dir: string): Promise<Server | null> {
  const lock = createServer((connection) => connection.destroy()).unref();
  lock.listen(nameOf(dir));
  try {
    await once(lock, 'listening');
    return lock;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return null;
    throw error;
  }
}
