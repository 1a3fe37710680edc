import { createReadStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { SignedHead } from '@xem/protocol';
import type { RouterSettings } from '../settings.ts';

/** The name of the file in the data folder, where the settings name no other. */
export const HEADS_FILE = 'heads.ndjson';

/** Where the settings have signed heads written. */
export const headsPath = ({
  heads_file: path,
  data_dir: dataDir,
}: Pick<RouterSettings, 'heads_file' | 'data_dir'>): string => path ?? join(dataDir, HEADS_FILE);

/** The file that signed heads are added to, one line of JSON each. */
export interface HeadFile {
  /** Adds lines, and resolves when they are durable. */
  append(heads: readonly SignedHead[]): Promise<void>;
  close(): Promise<void>;
}

/** What stands in a file of heads. */
export interface WrittenHeads {
  readonly heads: readonly SignedHead[];
  /** Numbers of lines, from 1, that hold no head. */
  readonly badLines: readonly number[];
}

function headOf(line: string): SignedHead | null {
  try {
    return SignedHead.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path, 'utf8');
  try {
    yield* createInterface({ input, crlfDelay: Infinity });
  } catch (err) {
    if (!(err instanceof Error && 'code' in err && err.code === 'ENOENT')) throw err;
  } finally {
    input.destroy();
  }
}

/** Reads a file of heads; one that is not there holds none. Signatures are not checked. */
export async function readHeads(path: string): Promise<WrittenHeads> {
  const heads: SignedHead[] = [];
  const badLines: number[] = [];
  let number = 0;
  for await (const line of linesOf(path)) {
    number += 1;
    const head = headOf(line);
    if (head) heads.push(head);
    else badLines.push(number);
  }
  return { heads, badLines };
}

/** A line that a crash broke off must not swallow the next one. */
async function endLastLine(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  if (size === 0) return;
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  if (buffer.toString() !== '\n') await handle.appendFile('\n');
}

/** Opens a file to add heads to; makes it, readable for its owner only, with its folder. @throws Error when it cannot be written */
export async function openHeadFile(path: string): Promise<HeadFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const handle = await open(path, 'a+', 0o600);
  await endLastLine(handle);
  return {
    append: async (heads) => {
      await handle.appendFile(heads.map((head) => `${JSON.stringify(head)}\n`).join(''));
      await handle.datasync();
    },
    close: () => handle.close(),
  };
}
