import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { z } from 'zod';
import type { Builtin } from '../builtin.ts';
import { confinedPath } from './confined-path.ts';

const Arguments = z.object({
  path: z.string().min(1),
  offset: z.int().min(0).default(0),
  length: z.int().min(0).optional(),
});

/** The bytes of a file, as they are. Links may lead anywhere inside the root and nowhere else. */
export const fileRead: Builtin = async (args, { root, outputBytesMax }) => {
  const { path, offset, length } = Arguments.parse(args);
  const real = await confinedPath(root, path);
  await using file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const stat = await file.stat();
  if (!stat.isFile()) throw new Error('not a file');
  const wanted = Math.min(length ?? stat.size, Math.max(0, stat.size - offset), outputBytesMax + 1);
  const bytes = Buffer.alloc(wanted);
  const { bytesRead } = await file.read(bytes, 0, wanted, offset);
  return { exitCode: 0, stdout: bytes.subarray(0, bytesRead), stderr: '' };
};
