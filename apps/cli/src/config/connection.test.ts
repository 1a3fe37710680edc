import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { executionSample, json, pageSample, startServer } from '@xem/client/testing';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../testing/folder.ts';
import { xeroctl } from '../testing/terminal.ts';
import { findConnection } from './connection.ts';

const DEV = '[deployment.dev]\nbase_url = "http://dev.test"\napi_key = "xero_dev_k"\n';
const PROD = '[deployment.prod]\nbase_url = "https://prod.test"\napi_key_env = "PROD_KEY"\n';
const VAULT =
  '[deployment.vault]\nbase_url = "https://vault.test"\napi_key_command = "printf \'xero_%s\' secret"\n';

async function home(text: string, mode = 0o600): Promise<{ readonly XDG_CONFIG_HOME: string }> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'xeroctl'));
  await writeFile(join(folder, 'xeroctl', 'config.toml'), text, { mode });
  return { XDG_CONFIG_HOME: folder };
}

const ENV = { XEROTIER_BASE_URL: 'http://env.test', XEROTIER_API_KEY: 'xero_env_k' };

test.each([
  ['the current context', {}, {}, ['http://dev.test', 'xero_dev_k']],
  ['the environment before the context', {}, ENV, ['http://env.test', 'xero_env_k']],
  ['flags before the environment', { baseUrl: 'http://f.test', apiKey: 'f' }, ENV, ['http://f.test', 'f']],
  ['a named context before the environment', { context: 'dev' }, ENV, ['http://dev.test', 'xero_dev_k']],
  ['the key of a variable', { context: 'prod' }, { PROD_KEY: 'xero_p' }, ['https://prod.test', 'xero_p']],
  ['the key that a command prints', { context: 'vault' }, {}, ['https://vault.test', 'xero_secret']],
  ['one from each', { baseUrl: 'http://f.test' }, { XEROTIER_API_KEY: 'e' }, ['http://f.test', 'e']],
])('a connection comes from %s', async (...row) => {
  const [, flags, env, [baseUrl, apiKey]] = row;
  const files = await home(`current = "dev"\n${DEV}${PROD}${VAULT}`);
  expect(await findConnection(flags, { ...files, ...env })).toEqual({ baseUrl, apiKey });
});

test.each([
  ['two keys', `${DEV}api_key_env = "X"\n`, 'exactly one of api_key'],
  ['no key', '[deployment.dev]\nbase_url = "http://dev.test"\n', 'exactly one of api_key'],
  ['no address', '[deployment.dev]\napi_key = "k"\n', 'must have base_url'],
  ['an unknown member', `${DEV}token = "x"\n`, 'unknown member token'],
  ['an unknown setting', `colour = "red"\n${DEV}`, 'unknown member colour'],
  ['no TOML', 'current = dev', 'config.toml'],
  ['a variable that is not there', PROD, 'no PROD_KEY'],
  [
    'a command that fails',
    '[deployment.prod]\nbase_url = "http://p.test"\napi_key_command = "exit 3"\n',
    'failed',
  ],
  ['another context', DEV.replace('dev', 'other'), 'there is no context'],
  ['an address that is none', DEV.replace('http://dev.test', 'dev:80'), 'not an http or https address'],
])('a configuration file with %s is refused with 2', async (_, text, says) => {
  const context = text.includes('.prod]') ? 'prod' : 'dev';
  const { exit, stderr } = await xeroctl(['exec', 'list', '--context', context], { env: await home(text) });
  expect(exit).toBe(2);
  expect(stderr).toContain(says);
});

test.each([0o640, 0o604, 0o660])('a configuration file of mode %o is refused', async (mode) => {
  const { exit, stderr } = await xeroctl(['exec', 'list'], { env: await home(DEV, mode) });
  expect(exit).toBe(2);
  expect(stderr).toContain('others may read it; close it with: chmod 600');
});

test('without a router to talk to, xeroctl says how to name one', async () => {
  const { exit, stderr } = await xeroctl(['exec', 'list']);
  expect(exit).toBe(2);
  expect(stderr).toContain('--base-url, set XEROTIER_BASE_URL');
});

test('config init, add and use write a file for its owner alone, and show tells no key', async () => {
  await using server = await startServer({
    'GET /v1/exec/executions': (_, response) => json(response, pageSample([executionSample()])),
  });
  const folder = await temporaryFolder();
  const env = { XDG_CONFIG_HOME: folder };
  const say = (...words: string[]) => xeroctl(words, { env });
  expect(
    (await say('config', 'init', '--base-url', 'http://127.0.0.1:9', '--api-key', 'xero_secret')).exit,
  ).toBe(0);
  expect((await say('config', 'init', '--base-url', server.baseUrl, '--api-key', 'k')).exit).toBe(2);
  const add = await say('config', 'add', 'test', '--base-url', server.baseUrl, '--api-key-command', 'echo k');
  expect(add.exit).toBe(0);
  expect((await say('config', 'use', 'nobody')).exit).toBe(2);
  expect((await say('config', 'use', 'test')).exit).toBe(0);
  expect((await say('exec', 'list')).exit).toBe(0);
  const { mode } = await stat(join(folder, 'xeroctl', 'config.toml'));
  expect(mode & 0o777).toBe(0o600);
  const shown = await say('config', 'show');
  expect(shown.stdout).toContain('default');
  expect(shown.stdout).toMatch(/test +\* +http/);
  expect(shown.stdout).not.toContain('xero_secret');
});
