import { existsSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { toTimestamp, type Clock } from '@xem/runtime';
import { copyDatabase, DATABASE_FILE, inspectStore, type Reader } from '@xem/store';
import { HEADS_FILE } from '../../heads/head-file.ts';
import { ROUTER_VERSION } from '../../version.ts';
import { filesBeside, isKeyFile } from './contents.ts';
import { copyFile, digestFile, syncFolder } from './copy-file.ts';
import { MANIFEST_FILE, type BackupManifest } from './manifest.ts';

/** A backup to be made. */
export interface BackupOrder {
  readonly dataDir: string;
  /** The folder to make. */
  readonly target: string;
  readonly hasKeys: boolean;
  readonly clock: Clock;
}

type BackedUpFile = BackupManifest['files'][number];

const isGone = (err: unknown): boolean => err instanceof Error && 'code' in err && err.code === 'ENOENT';

/** Retention may take an output away meanwhile; the database in the backup says of it that it has expired. */
async function copyThere(
  { dataDir }: BackupOrder,
  draft: string,
  wanted: readonly string[],
): Promise<readonly BackedUpFile[]> {
  const files: BackedUpFile[] = [];
  for (const path of wanted) {
    const copied = await copyFile(join(dataDir, path), join(draft, path)).catch(async (err: unknown) => {
      if (!isGone(err)) throw err;
      await rm(join(draft, path), { force: true });
      return null;
    });
    if (copied) files.push({ path, ...copied });
  }
  return files;
}

async function headsIn({ access, journal }: Reader): Promise<BackupManifest['heads']> {
  const heads: BackupManifest['heads'] = [];
  for (const { id } of await access.projects()) {
    const { seq, hash } = await journal.head(id);
    heads.push({ project_id: id, seq, hash });
  }
  return heads;
}

async function describe(draft: string): Promise<Pick<BackupManifest, 'schema' | 'heads'>> {
  const inspection = inspectStore(draft);
  if (!inspection) throw new Error('the copy of the database is gone');
  try {
    const { schema, read } = inspection;
    return { schema: schema.known - schema.pending, heads: read ? await headsIn(read) : [] };
  } finally {
    inspection.close();
    // Who only reads makes these beside a database and does not take them away.
    for (const suffix of ['-shm', '-wal']) rmSync(join(draft, DATABASE_FILE + suffix), { force: true });
  }
}

/**
 * The database goes before the output: whatever it names of the output files is in them by then, since bytes are durable there
 * before the database tells of them, and a file only grows. Signed heads go before the database: it has the entries they
 * speak of by then.
 */
async function fill(order: BackupOrder, draft: string): Promise<BackupManifest> {
  const madeAt = order.clock.now();
  const heads = await copyThere(order, draft, [HEADS_FILE]);
  await copyDatabase(order.dataDir, join(draft, DATABASE_FILE));
  const described = await describe(draft);
  const database = { path: DATABASE_FILE, ...(await digestFile(join(draft, DATABASE_FILE))) };
  const wanted = filesBeside(order.dataDir).filter((path) => order.hasKeys || !isKeyFile(path));
  const files = [database, ...heads, ...(await copyThere(order, draft, wanted))];
  return {
    object: 'xem_backup',
    version: 1,
    made_at: toTimestamp(madeAt),
    router_version: ROUTER_VERSION,
    ...described,
    keys: files.some(({ path }) => isKeyFile(path)),
    files,
  };
}

/**
 * Makes a backup of a data folder in a new folder, which appears under its name only when it is whole. A router that
 * has the data folder goes on meanwhile. @throws Error when the target exists, there is no
 * database, or the disk refuses
 */
export async function makeBackup(order: BackupOrder): Promise<BackupManifest> {
  const { target } = order;
  if (existsSync(target)) throw new Error(`${target} exists already; name a folder that does not`);
  if (!existsSync(join(order.dataDir, DATABASE_FILE)))
    throw new Error(`${order.dataDir} is no data folder of a router; name it with --data-dir`);
  const draft = `${target}.partial`;
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  try {
    const manifest = await fill(order, draft);
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    await writeFile(join(draft, MANIFEST_FILE), text, { mode: 0o600, flush: true });
    await syncFolder(draft);
    await rename(draft, target);
    await syncFolder(dirname(target));
    return manifest;
  } catch (err) {
    await rm(draft, { recursive: true, force: true });
    throw err;
  }
}
