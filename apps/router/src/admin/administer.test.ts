import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { administer, type Ending } from './administer.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xem-admin-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const admin = (...args: string[]): Promise<Ending> =>
  administer(args, { XEM_DATA_DIR: join(folder, 'router') });

test('admin seed-dev prints what a local mesh begins with, and again the same when the keys are known', async () => {
  const first = await admin('seed-dev');
  expect(first).toMatchObject({ status: 0, stderr: '' });
  const keysFile = join(folder, 'keys.json');
  writeFileSync(keysFile, first.stdout);
  expect(await admin('seed-dev', '--keys-file', keysFile)).toEqual(first);
});

test('admin create-human makes a human with a key, in a project of its own', async () => {
  const { status, stdout } = await admin('create-human', '--name', 'Ada', '--project', 'ops');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    project_id: expect.stringMatching(/^prj_[0-9a-f]{24}$/),
    principal_id: expect.stringMatching(/^prn_[0-9a-f]{24}$/),
    key: expect.stringMatching(/^xero_ops_[A-Za-z0-9_-]{43}$/),
  });
});

test('admin create-human makes nobody twice, and mint-key gives who is there another key', async () => {
  const first = await admin('create-human', '--name', 'Ada', '--project', 'ops');
  const again = await admin('create-human', '--name', 'Ada', '--project', 'ops');
  const { principal_id: id, key } = JSON.parse(first.stdout);
  expect(again).toEqual({
    status: 1,
    stdout: '',
    stderr: `admin: the project ops has a human Ada, ${id}; a new key for them comes from mint-key\n`,
  });
  const minted = await admin('mint-key', '--name', 'Ada', '--project', 'ops');
  expect(JSON.parse(minted.stdout)).toEqual({ ...JSON.parse(first.stdout), key: expect.any(String) });
  expect(JSON.parse(minted.stdout)).not.toMatchObject({ key });
  const nobody = await admin('mint-key', '--name', 'Bea', '--project', 'ops');
  expect(nobody).toMatchObject({ status: 1, stderr: 'admin: there is no human Bea in a project ops\n' });
});

test.each([[['--help']], [['-h']], [['create-human', '--help']]])(
  'admin %j tells what it can do',
  async (args) => {
    const { status, stdout, stderr } = await admin(...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('admin create-human --name NAME');
  },
);

test('admin says why it could not, and ends with status 1', async () => {
  const { status, stdout, stderr } = await admin('seed-dev', '--keys-file', join(folder, 'missing.json'));
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  expect(stderr).toMatch(/^admin: ENOENT/);
});

test.each([
  ['no command', []],
  ['a command there is not', ['seed-production']],
  ['a flag there is not', ['seed-dev', '--force']],
  ['a human without a name', ['create-human']],
])('admin refuses %s with its usage and status 2', async (_, args) => {
  const { status, stdout, stderr } = await admin(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain('usage: admin seed-dev');
});
