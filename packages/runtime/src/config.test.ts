import { expect, test } from 'vitest';
import { z } from 'zod';
import { readSettings, SettingError, type SettingSources } from './config.ts';

const TABLE = {
  data_dir: {
    env: 'XEM_DATA_DIR',
    flag: 'data-dir',
    schema: z.string().default('/var/lib/xem'),
    says: 'A folder.',
  },
  http_port: {
    env: 'XEM_HTTP_PORT',
    flag: 'http-port',
    schema: z.coerce.number().int().min(0).max(65_535).default(8787),
    says: 'A port.',
  },
  join_key: { env: 'XEM_JOIN_KEY', flag: 'join-key', schema: z.string(), says: 'The key to enrol with.' },
};

const NOTHING: SettingSources = { flags: {}, env: {}, file: {} };
const sources = (given: Partial<SettingSources>): SettingSources => ({
  ...NOTHING,
  ...given,
  env: { XEM_JOIN_KEY: 'xjk_1', ...given.env },
});

test.each([
  ['its default', {}, 8787],
  ['the file', { file: { http_port: '1' } }, 1],
  ['the environment before the file', { env: { XEM_HTTP_PORT: '2' }, file: { http_port: '1' } }, 2],
  [
    'the flag before the environment',
    { flags: { 'http-port': '3' }, env: { XEM_HTTP_PORT: '2' }, file: { http_port: '1' } },
    3,
  ],
  ['the file when the variable is empty', { env: { XEM_HTTP_PORT: '' }, file: { http_port: '1' } }, 1],
])('readSettings takes %s', (_what, given, expected) => {
  expect(readSettings(TABLE, sources(given)).http_port).toBe(expected);
});

test.each([
  ['a flag', { flags: { 'http-port': 'x' } }, /^--http-port: .*A port\.$/],
  ['a variable', { env: { XEM_HTTP_PORT: '70000' } }, /^XEM_HTTP_PORT: .*A port\.$/],
  ['a line of the file', { file: { http_port: '-1' } }, /^"http_port" of the file: .*A port\.$/],
])('readSettings names %s that it cannot read, and says what it is for', (_what, given, message) => {
  expect(() => readSettings(TABLE, sources(given))).toThrow(SettingError);
  expect(() => readSettings(TABLE, sources(given))).toThrow(message);
});

test('readSettings says how to give a setting that must be there', () => {
  expect(() => readSettings(TABLE, NOTHING)).toThrow(
    /^--join-key or XEM_JOIN_KEY: .*The key to enrol with\.$/,
  );
});

test('readSettings does not repeat the value of a setting it refuses', () => {
  const secret = 'xero_secret_value';
  const read = (): unknown => readSettings(TABLE, sources({ env: { XEM_HTTP_PORT: secret } }));
  expect(read).toThrow(SettingError);
  expect(read).not.toThrow(secret);
});
