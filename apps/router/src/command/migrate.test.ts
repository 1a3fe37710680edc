import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDataFolder } from '@xem/store';
import { makeNewerDatabase, makeOlderDatabase } from '@xem/store/testing';
import { expect, onTestFinished, test } from 'vitest';
import { dataFolder } from '../testing/data-folder.ts';
import { runCommand } from './run-command.ts';

function olderFolder() {
  const dataDir = mkdtempSync(join(tmpdir(), 'xem-older-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true }));
  makeOlderDatabase(dataDir);
  return {
    dataDir,
    run: (...flags: readonly string[]) => runCommand(['migrate', ...flags], { XEM_DATA_DIR: dataDir }),
  };
}

const backupsIn = (dataDir: string) =>
  readdirSync(dataDir).filter((name) => name.startsWith('before-migration-'));

test('migrate --check says by its status whether a migration is needed, and makes none', async () => {
  const { run, dataDir } = olderFolder();
  expect(await run('--check')).toMatchObject({ status: 1, stdout: expect.stringContaining('are needed') });
  expect(await run('--check')).toMatchObject({ status: 1 });
  expect(backupsIn(dataDir)).toEqual([]);
});

test('migrate makes a backup, brings the database up, and then has nothing to do', async () => {
  const { run, dataDir } = olderFolder();
  expect(await run()).toMatchObject({ status: 0, stderr: '' });
  expect(backupsIn(dataDir)).toHaveLength(1);
  expect(await run('--check')).toMatchObject({ status: 0 });
  expect(await run()).toMatchObject({ status: 0 });
  expect(backupsIn(dataDir)).toHaveLength(1);
});

test('migrate makes no backup when it is told so', async () => {
  const { run, dataDir } = olderFolder();
  expect(await run('--no-backup')).toMatchObject({ status: 0 });
  expect(backupsIn(dataDir)).toEqual([]);
});

test('migrate refuses a folder that a router has', async () => {
  const { run, dataDir } = olderFolder();
  const release = lockDataFolder(dataDir);
  expect(await run()).toMatchObject({ status: 1, stderr: expect.stringContaining('in use') });
  release();
  expect(backupsIn(dataDir)).toEqual([]);
});

test('migrate refuses a database of a newer version with 78', async () => {
  const { run, dataDir } = await dataFolder();
  makeNewerDatabase(dataDir);
  expect(await run('migrate')).toMatchObject({
    status: 78,
    stderr: expect.stringContaining('newer version'),
  });
});

test('migrate refuses a folder without a database', async () => {
  const { run, dataDir } = await dataFolder();
  rmSync(dataDir, { recursive: true });
  mkdirSync(dataDir);
  expect(await run('migrate')).toMatchObject({ status: 1, stderr: expect.stringContaining('no database') });
});
