import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readCommandLine } from '../settings.ts';
import { readConfigFile } from './config-file.ts';

const known = new Set(['state_dir', 'log_level', 'max_concurrent_executions']);

function fileOf(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'xem-config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'xem.yaml');
  writeFileSync(path, text);
  return path;
}

test('config.read takes every value as a word', async () => {
  const path = fileOf('state_dir: /srv/xem\nmax_concurrent_executions: 4\n# a note\nlog_level:\n');
  const words = await readConfigFile({ path, isAskedFor: true, known });
  expect(words).toEqual({ state_dir: '/srv/xem', max_concurrent_executions: '4' });
});

test('config.read says nothing when there is no file and nobody asked for one', async () => {
  expect(await readConfigFile({ path: '/nonexistent.yaml', isAskedFor: false, known })).toEqual({});
});

test.each([
  ['a map in a value', 'state_dir: { path: /srv }', '"state_dir" must be one value, not nested data'],
  ['a list in a value', 'log_level: [debug]', '"log_level" must be one value, not nested data'],
  ['a list in place of names', '- one\n- two', 'must hold names and values'],
  ['a name that is no setting', 'colour: red', '"colour" is not a setting'],
  ['what is not YAML', 'state_dir: "unended', 'invalidConfigFile'],
])('config.read refuses %s', async (_what, text, words) => {
  const path = fileOf(text);
  const reading = readConfigFile({ path, isAskedFor: true, known });
  await expect(reading).rejects.toMatchObject({ code: 'invalidConfigFile' });
  await expect(reading).rejects.toThrow(words);
});

test('settings.read lets flags win over the environment, and the environment over the file', async () => {
  const config = fileOf('registration_name: from-file\nlog_level: warn\nworkspaces: ws_00000000\n');
  const argv = ['--config', config, '--registration-name', 'from-flag'];
  const env = { XEM_REGISTRATION_NAME: 'from-env', XEM_LOG_LEVEL: 'error' };
  const { settings } = await readCommandLine({ argv, env });
  expect(settings).toMatchObject({
    registration_name: 'from-flag',
    log_level: 'error',
    workspaces: 'ws_00000000',
    max_concurrent_executions: 20,
    on_shutdown: 'detach',
  });
});
