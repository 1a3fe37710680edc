import { readFile, statfs } from 'node:fs/promises';
import { canonicalJson } from '@xem/protocol';
import { z } from 'zod';
import { answer, type Builtin } from '../builtin.ts';

const Arguments = z.object({ path: z.string().startsWith('/').optional() });

interface Mount {
  readonly device: string;
  readonly path: string;
  readonly type: string;
}

const unescapeOctal = (word: string): string =>
  word.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCodePoint(Number.parseInt(digits, 8)));

/** Mounted file systems that keep data: those of a device, the root, and memory file systems. */
async function listMounts(): Promise<Mount[]> {
  const lines = (await readFile('/proc/self/mounts', 'utf8')).trim().split('\n');
  const mounts = lines.map((line) => {
    const [device = '', path = '', type = ''] = line.split(' ').map(unescapeOctal);
    return { device, path, type };
  });
  return mounts.filter(
    ({ device, path, type }) => device.startsWith('/') || path === '/' || type === 'tmpfs',
  );
}

async function usageOf({ path, ...mount }: Partial<Mount> & { path: string }) {
  const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(path);
  return {
    path,
    ...mount,
    size_bytes: blocks * bsize,
    used_bytes: (blocks - bfree) * bsize,
    available_bytes: bavail * bsize,
    inodes: files,
    inodes_used: files - ffree,
  };
}

/** Size and use of one path's file system, or of all that keep data, as JSON. */
export const hostDiskUsage: Builtin = async (args) => {
  const { path } = Arguments.parse(args);
  const mounts = path === undefined ? await listMounts() : [{ path }];
  const usages = await Promise.all(mounts.map((mount) => usageOf(mount).catch((err: unknown) => err)));
  const failed = usages.find((usage) => usage instanceof Error);
  if (failed && path !== undefined) throw failed;
  return answer(canonicalJson({ file_systems: usages.filter((usage) => !(usage instanceof Error)) }));
};
