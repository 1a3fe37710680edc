import { SettingError } from '@xem/runtime';
import { expect, test } from 'vitest';
import { routerSettings, USAGE } from './settings.ts';

test('routerSettings takes a flag before the environment', () => {
  expect(routerSettings(['--http-port', '1'], { XEM_HTTP_PORT: '2' }).http_port).toBe(1);
});

test.each([
  ['an unknown flag', ['--http-prot', '1'], /--http-prot.*see --help/s],
  ['a word that is no flag', ['start'], /start.*see --help/s],
  ['a flag without its value', ['--data-dir'], /--data-dir.*see --help/s],
  ['a port that is none', ['--http-port', 'x'], /--http-port/],
])('routerSettings refuses %s as a wrong setting', (_, argv, says) => {
  const read = () => routerSettings(argv, {});
  expect(read).toThrow(SettingError);
  expect(read).toThrow(says);
});

test('the usage of the router names its flags', () => {
  expect(USAGE).toMatch(/--data-dir +Folder of the database/);
});
