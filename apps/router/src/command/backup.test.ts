import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { lockDataFolder } from '@xem/store';
import { changeEntry, makeNewerDatabase } from '@xem/store/testing';
import { expect, test } from 'vitest';
import { dataFolder, type DataFolder } from '../testing/data-folder.ts';
import { readManifest } from './backup/manifest.ts';

const OUTPUT = 'outputs/prj_000000000000000000000001/exe.stdout';

async function backedUp(): Promise<DataFolder & { readonly folder: string }> {
  const made = await dataFolder();
  const folder = join(made.place, 'backup');
  mkdirSync(join(made.dataDir, 'outputs/prj_000000000000000000000001'), { recursive: true });
  writeFileSync(join(made.dataDir, OUTPUT), 'bytes');
  expect(await made.run('backup', folder)).toMatchObject({ status: 0, stderr: '' });
  return { ...made, folder };
}

const emptied = ({ dataDir }: DataFolder): void => rmSync(dataDir, { recursive: true });

test('backup copies database, output and keys for its owner alone, and leaves no draft', async () => {
  const { folder, place } = await backedUp();
  const { files, keys } = readManifest(folder);
  expect(files.map(({ path }) => path).toSorted()).toEqual([
    OUTPUT,
    'router-curve-key.hex',
    'router-signing-key.hex',
    'router-webhook-key.hex',
    'xem.db',
  ]);
  expect(keys).toBe(true);
  expect(readdirSync(folder)).toHaveLength(6);
  expect(files.map(({ path }) => statSync(join(folder, path)).mode & 0o077)).toEqual([0, 0, 0, 0, 0]);
  expect(readdirSync(place).toSorted()).toEqual(['backup', 'router']);
});

test('backup works on a folder that a router has', async () => {
  const { dataDir, place, run } = await dataFolder();
  const release = lockDataFolder(dataDir);
  expect(await run('backup', join(place, 'backup'))).toMatchObject({ status: 0 });
  release();
});

test('backup leaves the keys out when it is told to', async () => {
  const { place, run } = await dataFolder();
  const folder = join(place, 'backup');
  await run('backup', folder, '--without-keys');
  expect(readManifest(folder).keys).toBe(false);
  expect(readdirSync(folder)).toEqual(['backup.json', 'xem.db']);
});

test('restore brings back what was backed up, and the journal goes on from there', async () => {
  const made = await backedUp();
  const { folder, dataDir, run } = made;
  emptied(made);
  expect(await run('restore', folder)).toMatchObject({ status: 0, stderr: '' });
  expect(readFileSync(join(dataDir, OUTPUT), 'utf8')).toBe('bytes');
  expect(statSync(join(dataDir, 'router-curve-key.hex')).mode & 0o777).toBe(0o600);
  const { stdout } = await run('doctor', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ ok: true });
});

test('restore moves aside what is in the folder when it is forced to', async () => {
  const { folder, dataDir, run } = await backedUp();
  writeFileSync(join(dataDir, 'note'), 'mine');
  const { stdout } = await run('restore', folder, '--force', '--json');
  const { moved_to: movedTo } = JSON.parse(stdout);
  expect(readFileSync(join(movedTo, 'note'), 'utf8')).toBe('mine');
  expect(existsSync(join(movedTo, 'xem.db'))).toBe(true);
});

test('backup says which folder is no data folder', async () => {
  const made = await dataFolder();
  emptied(made);
  const { status, stderr } = await made.run('backup', join(made.place, 'none'));
  expect(status).toBe(1);
  expect(stderr).toContain(`${made.dataDir} is no data folder`);
});

test('restore of a backup without keys leaves those of the folder', async () => {
  const { place, dataDir, run } = await dataFolder();
  const key = readFileSync(join(dataDir, 'router-curve-key.hex'), 'utf8');
  await run('backup', join(place, 'bare'), '--without-keys');
  await run('restore', join(place, 'bare'), '--force');
  expect(readFileSync(join(dataDir, 'router-curve-key.hex'), 'utf8')).toBe(key);
});

test.each<[string, RegExp, (made: DataFolder & { folder: string }) => void]>([
  ['a folder that is no backup', /no whole backup/, ({ folder }) => rmSync(join(folder, 'backup.json'))],
  ['a file that changed', /hash is another/, ({ folder }) => appendFileSync(join(folder, OUTPUT), '!')],
  ['a file that is gone', /ENOENT/, ({ folder }) => rmSync(join(folder, OUTPUT))],
  [
    'a path that leads out',
    /no whole backup/,
    ({ folder }) => {
      const path = join(folder, 'backup.json');
      writeFileSync(path, readFileSync(path, 'utf8').replace(OUTPUT, '../../escaped'));
    },
  ],
])('restore refuses %s, and leaves nothing behind', async (_, says, spoil) => {
  const made = await backedUp();
  emptied(made);
  spoil(made);
  const { status, stderr } = await made.run('restore', made.folder);
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(says) });
  const left = existsSync(made.dataDir) ? readdirSync(made.dataDir) : [];
  expect(left.filter((name) => name !== 'router.lock')).toEqual([]);
});

test('restore refuses a folder that is not empty', async () => {
  const { folder, run } = await backedUp();
  expect(await run('restore', folder)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('--force'),
  });
});

test('restore refuses a folder that a router has, also by force', async () => {
  const { folder, dataDir, run } = await backedUp();
  const release = lockDataFolder(dataDir);
  const { status, stderr } = await run('restore', folder, '--force');
  release();
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining('in use') });
});

test.each<[string, RegExp, (dataDir: string) => void]>([
  [
    'whose journal was changed',
    /journal of prj_\w+ is broken at entry 3/,
    (dataDir) => changeEntry(dataDir, 3),
  ],
  ['of a newer version', /newer version/, makeNewerDatabase],
])('restore refuses a database %s', async (_, says, spoil) => {
  const made = await dataFolder();
  const folder = join(made.place, 'backup');
  spoil(made.dataDir);
  await made.run('backup', folder);
  emptied(made);
  expect(await made.run('restore', folder)).toMatchObject({ status: 1, stderr: expect.stringMatching(says) });
});

test.each([[['backup']], [['backup', 'a', 'b']], [['restore']], [['backup', 'a', '--fast']]])(
  '%j is a wrong call, with status 2',
  async (line) => {
    const { run } = await dataFolder();
    const { status, stderr } = await run(...line);
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('usage: xem-router') });
  },
);
