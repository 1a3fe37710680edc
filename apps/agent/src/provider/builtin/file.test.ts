import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Builtin, BuiltinContext } from '../builtin.ts';
import { fileRead } from './file-read.ts';
import { fileWrite } from './file-write.ts';

let folder: string;
let ctx: BuiltinContext;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xem-files-'));
  const root = join(folder, 'root');
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(root, 'a.bin'), Buffer.from([0, 255, 1, 254, 2]));
  writeFileSync(join(folder, 'outside'), 'secret');
  symlinkSync('../outside', join(root, 'leads-out'));
  symlinkSync('a.bin', join(root, 'leads-in'));
  symlinkSync('..', join(root, 'up'));
  symlinkSync(folder, join(root, 'sub', 'absolute'));
  ctx = { signal: new AbortController().signal, root, env: {}, outputBytesMax: 1000 };
});
afterEach(() => rmSync(folder, { recursive: true }));

const call = async (builtin: Builtin, args: Record<string, unknown>): Promise<Buffer> =>
  Buffer.from((await builtin(args, ctx)).stdout);

test.each([
  ['a whole file', { path: 'a.bin' }, [0, 255, 1, 254, 2]],
  ['a part of it', { path: 'a.bin', offset: 1, length: 2 }, [255, 1]],
  ['a part beyond its end', { path: 'a.bin', offset: 4, length: 100 }, [2]],
  ['nothing after its end', { path: 'a.bin', offset: 50 }, []],
  ['a path with dots that stays inside', { path: 'sub/../a.bin' }, [0, 255, 1, 254, 2]],
  ['a link that stays inside', { path: 'leads-in' }, [0, 255, 1, 254, 2]],
])('file_read reads %s', async (_, args, bytes) => {
  expect(await call(fileRead, args)).toEqual(Buffer.from(bytes));
});

test('file_read reads an absolute path inside the root', async () => {
  expect(await call(fileRead, { path: join(ctx.root, 'a.bin') })).toHaveLength(5);
});

test('file_read reads one byte more than the limit at most', async () => {
  writeFileSync(join(ctx.root, 'large'), Buffer.alloc(5000));
  expect(await call(fileRead, { path: 'large' })).toHaveLength(1001);
});

const OUT = [
  ['dots', '../outside'],
  ['dots further down', 'sub/../../outside'],
  ['an absolute path', '/etc/passwd'],
  ['a link', 'leads-out'],
  ['a link to a folder', 'up/outside'],
  ['an absolute link', 'sub/absolute/outside'],
  ['a name that only begins like the root', '../root-2/file'],
];

test.each(OUT)('file_read refuses a path that leads out by %s', async (_, path) => {
  await expect(call(fileRead, { path })).rejects.toThrow();
});

test.each([
  ['is not there', 'nothing'],
  ['is a folder', 'sub'],
  ['is empty', ''],
])('file_read refuses a path that %s', async (_, path) => {
  await expect(call(fileRead, { path })).rejects.toThrow();
});

test.each([
  ['a new file', { path: 'new', content: 'one' }, 'one'],
  ['over a file', { path: 'a.bin', content: 'one' }, 'one'],
  ['bytes', { path: 'new', content: 'AP8=', encoding: 'base64' }, '\0\u{fffd}'],
  [
    'at the end of a file',
    { path: 'sub/../a.bin', content: 'x', mode: 'append' },
    '\0\u{fffd}\u0001\u{fffd}\u0002x',
  ],
  ['a file that must be new', { path: 'sub/new', content: 'one', mode: 'create' }, 'one'],
])('file_write writes %s', async (_, args, text) => {
  const said: unknown = JSON.parse(String(await call(fileWrite, args)));
  const path = join(ctx.root, args.path);
  expect(said).toMatchObject({ path, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(readdirSync(ctx.root).filter((name) => name.includes('xem-new'))).toEqual([]);
});

test('file_write makes the root when it is not there', async () => {
  ctx = { ...ctx, root: join(folder, 'later') };
  await call(fileWrite, { path: 'a', content: 'one' });
  expect(readFileSync(join(folder, 'later/a'), 'utf8')).toBe('one');
});

test('file_write replaces a file instead of writing into it', async () => {
  linkSync(join(folder, 'outside'), join(ctx.root, 'hard'));
  await call(fileWrite, { path: 'hard', content: 'changed' });
  expect(readFileSync(join(folder, 'outside'), 'utf8')).toBe('secret');
});

test.each([
  ...OUT,
  ['the root itself', '.'],
  ['a link that stays inside', 'leads-in'],
  ['a folder', 'sub'],
  ['a folder that is not there', 'nowhere/new'],
])('file_write refuses a path that leads out or nowhere by %s', async (_, path) => {
  for (const mode of ['create', 'overwrite', 'append']) {
    await expect(call(fileWrite, { path, content: 'overwritten', mode })).rejects.toThrow();
  }
  expect(readFileSync(join(folder, 'outside'), 'utf8')).toBe('secret');
  expect(readFileSync(join(ctx.root, 'a.bin'))).toHaveLength(5);
  expect(existsSync(join(folder, 'new'))).toBe(false);
});

test('file_write refuses to create what is there', async () => {
  await expect(call(fileWrite, { path: 'a.bin', content: 'x', mode: 'create' })).rejects.toThrow('EEXIST');
});

test('file_write leaves one whole file when many overwrite it at once, and nothing beside it', async () => {
  const contents = Array.from({ length: 20 }, (_, nth) => `${nth},`.repeat(10_000));
  await Promise.all(contents.map((content) => call(fileWrite, { path: 'sub/shared', content })));
  expect(contents).toContain(readFileSync(join(ctx.root, 'sub', 'shared'), 'utf8'));
  expect(readdirSync(join(ctx.root, 'sub')).toSorted()).toEqual(['absolute', 'shared']);
});
