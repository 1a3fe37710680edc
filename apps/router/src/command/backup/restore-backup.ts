import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settleRestored } from '@xem/domain';
import type { CrashPoint } from '@xem/runtime';
import type { Ambient } from '../../services.ts';
import {
  DATABASE_FILE,
  inspectStore,
  lockDataFolder,
  openSqliteStore,
  withCrashPoints,
  type Store,
} from '@xem/store';
import { RESTORE_DRAFT as DRAFT, RESTORE_MARK as MARK } from '../../half-restore.ts';
import { firstBadEntry } from '../chain.ts';
import { foundIn, isKeyFile } from './contents.ts';
import { copyFile, syncFolder } from './copy-file.ts';
import { readManifest, type BackupManifest } from './manifest.ts';

/** A backup to be put into a data folder. */
export interface RestoreOrder {
  readonly source: string;
  readonly dataDir: string;
  /** Moves what is in the data folder aside. */
  readonly isForced: boolean;
  readonly ambient: Ambient;
  readonly crash: CrashPoint | null;
}

/** What came of a restore. */
export interface Restored {
  readonly manifest: BackupManifest;
  /** Calls that were ended, since they may have run after the backup. */
  readonly callsEnded: number;
  /** Where what was in the data folder is now; null when it was empty. */
  readonly movedTo: string | null;
}

async function copyChecked({ files }: BackupManifest, source: string, draft: string): Promise<void> {
  for (const { path, bytes, sha256 } of files) {
    const copied = await copyFile(join(source, path), join(draft, path));
    if (copied.bytes !== bytes || copied.sha256 !== sha256)
      throw new Error(`${path} of the backup is not what was written: its hash is another`);
  }
}

/** @throws Error when the file is damaged, or a newer version wrote it */
function assertSound(draft: string): void {
  const inspection = inspectStore(draft);
  if (!inspection) throw new Error(`the backup has no ${DATABASE_FILE}`);
  try {
    if (inspection.schema.isNewer)
      throw new Error('the backup was made by a newer version; restore it with that one');
    const [fault] = inspection.faults();
    if (fault !== undefined) throw new Error(`the database of the backup is damaged: ${fault}`);
    const dangling = inspection.danglingRows();
    if (dangling > 0) throw new Error(`${dangling} rows of the backup name others that are not there`);
  } finally {
    inspection.close();
  }
}

async function assertChains({ read }: Store, { heads }: BackupManifest): Promise<void> {
  for (const { project_id: projectId, seq, hash } of heads) {
    const bad = await firstBadEntry(read, projectId);
    if (bad !== null) throw new Error(`the journal of ${projectId} is broken at entry ${bad}`);
    const head = await read.journal.head(projectId);
    if (head.seq !== seq || head.hash !== hash)
      throw new Error(`the journal of ${projectId} ends at another entry than the backup says`);
  }
}

/** Checks what was copied, brings it to this version, and ends what may have gone on since. */
async function makeReady(
  draft: string,
  manifest: BackupManifest,
  { ambient, crash }: RestoreOrder,
): Promise<number> {
  assertSound(draft);
  const opened = await openSqliteStore({ dataDir: draft, ...ambient });
  const store = crash ? withCrashPoints(opened, crash) : opened;
  try {
    await assertChains(store, manifest);
    const madeAt = Date.parse(manifest.made_at);
    let ended = 0;
    for (const { id: projectId } of await store.read.access.projects())
      ended += await settleRestored({ ...ambient, store }, { projectId, madeAt });
    return ended;
  } finally {
    await store.close();
  }
}

/** What stands in a data folder, but for what restores put there. */
const contentsOf = (dataDir: string): readonly string[] =>
  foundIn(dataDir).filter((name) => ![DRAFT, MARK].includes(name) && !name.startsWith('replaced-'));

/** From here on no router starts, until the restore is done. */
async function mark(dataDir: string): Promise<void> {
  await writeFile(join(dataDir, MARK), '', { mode: 0o600, flush: true });
  await syncFolder(dataDir);
}

/** A backup without keys leaves those that are there in their place. */
async function moveAside({ dataDir, ambient }: RestoreOrder, hasKeys: boolean): Promise<string | null> {
  const old = contentsOf(dataDir).filter((name) => hasKeys || !isKeyFile(name));
  if (old.length === 0) return null;
  const aside = join(dataDir, `replaced-${ambient.clock.now()}`);
  await mkdir(aside, { mode: 0o700 });
  for (const name of old) await rename(join(dataDir, name), join(aside, name));
  return aside;
}

async function putInPlace(draft: string, dataDir: string): Promise<void> {
  const names = (await readdir(draft)).filter((name) => !name.startsWith('router.lock'));
  for (const name of names) await rename(join(draft, name), join(dataDir, name));
  await syncFolder(dataDir);
  await rm(join(dataDir, MARK));
  await syncFolder(dataDir);
}

function assertEmpty({ dataDir, isForced }: RestoreOrder): void {
  const found = foundIn(dataDir).filter((name) => ![DRAFT, MARK].includes(name));
  if (found.length === 0 || isForced) return;
  throw new Error(`${dataDir} is not empty (${found[0]} …); --force moves what is in it aside`);
}

/**
 * Puts a backup into a data folder that no router has. Everything is copied, checked and made ready beside, and only
 * then takes its place. @throws Error when the backup is not whole, or the folder is in use or not empty
 */
export async function restoreBackup(order: RestoreOrder): Promise<Restored> {
  const { source, dataDir, crash } = order;
  const manifest = readManifest(source);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const release = lockDataFolder(dataDir);
  const draft = join(dataDir, DRAFT);
  try {
    assertEmpty(order);
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { mode: 0o700 });
    await copyChecked(manifest, source, draft);
    const callsEnded = await makeReady(draft, manifest, order);
    await mark(dataDir);
    const movedTo = await moveAside(order, manifest.keys);
    crash?.reach('after-restore:aside');
    await putInPlace(draft, dataDir);
    return { manifest, callsEnded, movedTo };
  } finally {
    await rm(draft, { recursive: true, force: true });
    release();
  }
}
