import { constants } from 'node:fs';
import { lstat, mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { canonicalJson, sha256Hex } from '@xem/protocol';
import { z } from 'zod';
import { answer, type Builtin } from '../builtin.ts';
import { confinedTarget } from './confined-path.ts';

const Arguments = z.object({
  path: z.string().min(1),
  content: z.string(),
  encoding: z.enum(['utf8', 'base64']).default('utf8'),
  mode: z.enum(['create', 'overwrite', 'append']).default('overwrite'),
});

const PERMISSIONS = 0o600;

async function append(path: string, bytes: Buffer): Promise<void> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = constants;
  await using file = await open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, PERMISSIONS);
  await file.writeFile(bytes);
  await file.sync();
}

async function create(path: string, bytes: Buffer): Promise<void> {
  await using file = await open(path, 'wx', PERMISSIONS);
  await file.writeFile(bytes);
  await file.sync();
}

/** Readers see the old file or the new one, never half of it, however many write at once. */
async function overwrite(path: string, bytes: Buffer): Promise<void> {
  const folder = await mkdtemp(join(dirname(path), '.xem-new-'));
  try {
    const temporary = join(folder, basename(path));
    await create(temporary, bytes);
    await rename(temporary, path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const WRITERS = { create, overwrite, append };

/** Writes a file below the root. A link is not written through. */
export const fileWrite: Builtin = async (args, { root }) => {
  const { path, content, encoding, mode } = Arguments.parse(args);
  await mkdir(root, { recursive: true, mode: 0o700 });
  const target = await confinedTarget(root, path);
  const there = await lstat(target).catch(() => null);
  if (there && !there.isFile()) throw new Error('not a file');
  const bytes = Buffer.from(content, encoding);
  await WRITERS[mode](target, bytes);
  return answer(canonicalJson({ path: target, bytes: bytes.length, sha256: sha256Hex(bytes) }));
};
