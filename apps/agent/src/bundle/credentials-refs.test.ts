import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readCredentialsRefs } from './credentials-refs.ts';
import { readCredentials } from './credentials.ts';

const OWN = 'ws_00000000';
const MAPPED = 'ws_11111111';
const OTHER = 'ws_22222222';

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'xem-refs-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  return folder;
}

test('readCredentialsRefs finds what is mapped, then the file of the id, then the default', () => {
  const dir = folderOf({
    [OWN]: '',
    prod: '',
    default: '',
    'workspaces.yaml': `${MAPPED}: prod\n`,
  });
  const refs = readCredentialsRefs(dir);
  expect(refs.problems).toEqual([]);
  expect([OWN, MAPPED, OTHER].map((id) => refs.find(id))).toEqual([OWN, 'prod', 'default']);
});

test('readCredentialsRefs finds none where there is none', () => {
  expect(readCredentialsRefs('/nonexistent').find(OWN)).toBeNull();
});

test('readCredentials does not take the map for credentials', () => {
  const dir = folderOf({ prod: 'TOKEN=x\n', 'workspaces.yaml': `${MAPPED}: prod\n` });
  const credentials = readCredentials(dir);
  expect(credentials.problems).toEqual([]);
  expect(credentials.find('workspaces.yaml')).toBeNull();
});

test.each([
  ['a file that is not there', `${MAPPED}: prod\n`, 1, MAPPED],
  ['an id that is none', `${OWN}: default\nprod: default\n`, 2, 'prod'],
  ['a way out of the folder', `${OWN}: ../../etc/passwd\n`, 1, OWN],
  ['itself', `${OWN}: workspaces.yaml\n`, 1, OWN],
  ['a list', '- prod\n', 1, ''],
])('readCredentialsRefs refuses %s with the line and the field', (...[, text, line, field]) => {
  const dir = folderOf({ default: '', 'workspaces.yaml': text });
  const file = join(dir, 'workspaces.yaml');
  expect(readCredentialsRefs(dir).problems).toMatchObject([{ file, line, field }]);
});

test('readCredentialsRefs refuses a map that others may write', () => {
  const dir = folderOf({ default: '', 'workspaces.yaml': `${OWN}: default\n` });
  chmodSync(join(dir, 'workspaces.yaml'), 0o622);
  expect(readCredentialsRefs(dir).problems).toMatchObject([{ message: expect.stringContaining('chmod') }]);
});
