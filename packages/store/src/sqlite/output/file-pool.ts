import { constants } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** How many output files are open at most. */
const OPEN_FILES_MAX = 64;

const APPENDABLE = constants.O_WRONLY | constants.O_CREAT;

interface Open {
  readonly handle: FileHandle;
  inUse: boolean;
}

/** Makes what happened to a folder's list of names durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function openForAppend(path: string): Promise<FileHandle> {
  const folder = dirname(path);
  const made = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncFolder(dirname(made));
  return open(path, APPENDABLE, 0o600);
}

/** Files that are being written, the least recently used of them closed when there are too many. */
export class FilePool {
  readonly #open = new Map<string, Open>();
  readonly #waiting: (() => void)[] = [];
  #opening = 0;

  /** Lends the open file at a path; the same path is never asked for twice at a time. */
  async use<Result>(path: string, act: (handle: FileHandle) => Promise<Result>): Promise<Result> {
    const file = this.#open.get(path) ?? (await this.#openFile(path));
    file.inUse = true;
    this.#open.delete(path);
    this.#open.set(path, file);
    try {
      return await act(file.handle);
    } finally {
      file.inUse = false;
      this.#waiting.shift()?.();
    }
  }

  /** Makes a file durable and closes it. A file that cannot be made durable is emptied: its bytes must come again. */
  async seal(path: string): Promise<void> {
    await this.use(path, async (handle) => {
      try {
        await handle.sync();
      } catch (err) {
        await handle.truncate(0).catch(() => undefined);
        throw err;
      }
    });
    await this.close(path);
  }

  async close(path: string): Promise<void> {
    const file = this.#open.get(path);
    this.#open.delete(path);
    await file?.handle.close();
  }

  async closeAll(): Promise<void> {
    for (const path of this.#open.keys()) await this.close(path);
  }

  async #openFile(path: string): Promise<Open> {
    while (this.#open.size + this.#opening >= OPEN_FILES_MAX) await this.#makeRoom();
    this.#opening += 1;
    try {
      const file = { handle: await openForAppend(path), inUse: true };
      this.#open.set(path, file);
      return file;
    } finally {
      this.#opening -= 1;
    }
  }

  async #makeRoom(): Promise<void> {
    for (const [path, { inUse, handle }] of this.#open) {
      if (inUse) continue;
      this.#open.delete(path);
      await handle.datasync();
      await handle.close();
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
