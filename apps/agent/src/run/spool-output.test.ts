import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collect, openRunRig, type RunRig } from '../testing/run-rig.ts';
import { createMask } from './mask.ts';
import type { OutputChunk, Run } from './run.ts';

let rig: RunRig;
beforeEach(() => {
  rig = openRunRig();
});
afterEach(() => rig.close());

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const WAIT = 'while [ ! -e go ]; do sleep 0.01; done';
const go = ({ key }: Run): void => writeFileSync(rig.path(key, 'work/go'), '');

const next = async (chunks: AsyncIterator<OutputChunk>): Promise<string> => {
  const { value, done } = await chunks.next();
  return done === true ? 'no more' : value.bytes.toString();
};

test('output.read gives output while the tool runs', async () => {
  const run = rig.runner.start(rig.request(['sh', '-c', `echo one; ${WAIT}; echo two`]));
  const chunks = run.stdout.read()[Symbol.asyncIterator]();
  expect(await next(chunks)).toBe('one\n');
  go(run);
  expect(await next(chunks)).toBe('two\n');
  expect(await next(chunks)).toBe('no more');
});

test('output.read masks a secret that comes in two pieces, and holds back no more than its start', async () => {
  const mask = createMask(['hunter22', 'another-and-much-longer-secret']);
  const script = `printf 'pw=hunt'; ${WAIT}; printf 'er22;'`;
  const run = rig.runner.start(rig.request(['sh', '-c', script], { mask }));
  const chunks = run.stdout.read()[Symbol.asyncIterator]();
  expect(await next(chunks)).toBe('pw=');
  go(run);
  expect(await next(chunks)).toBe('********;');
  expect(await next(chunks)).toBe('no more');
  expect(await run.stdout.summary()).toEqual({
    bytes: 12,
    sha256: sha256(Buffer.from('pw=********;')),
    truncated: false,
    masked: 8,
  });
});

test('output.read gives what was held back when the tool ends without the rest of it', async () => {
  const run = rig.runner.start(rig.request(['printf', 'pw=hunte'], { mask: createMask(['hunter22']) }));
  expect((await collect(run.stdout)).toString()).toBe('pw=hunte');
});

test('output.read masks the start of a secret that the limit cut off', async () => {
  const fields = { mask: createMask(['hunter22']), outputBytesMax: 8 };
  const run = rig.runner.start(rig.request(['printf', 'pw=hunter22'], fields));
  expect((await collect(run.stdout)).toString()).toBe('pw=*****');
  expect(await run.stdout.summary()).toMatchObject({ bytes: 8, truncated: true, masked: 5 });
});

/** A text with secrets over the borders of chunks and of windows. */
function plantSecrets(): { raw: Buffer; clean: Buffer; secrets: string[] } {
  const secrets = ['hunter22', 'swordfish-and-more', 'fish-and-chips'];
  const raw = Buffer.alloc(600_000, 'abcdefgh');
  const spots = [0, 65_532, 131_060, 262_140, 262_152, 399_999, 524_285, 599_992];
  for (const [index, spot] of spots.entries()) raw.write(secrets[index % 2] ?? '', spot);
  const text = secrets.reduce(
    (left, secret) => left.replaceAll(secret, '*'.repeat(secret.length)),
    raw.toString(),
  );
  return { raw, clean: Buffer.from(text), secrets };
}

test('output.read gives the same bytes from every offset, in every process', async () => {
  const { raw, clean, secrets } = plantSecrets();
  const mask = createMask(secrets);
  const run = rig.runner.start(rig.request(['cat'], { stdin: raw, mask }));
  expect((await collect(run.stdout)).equals(clean)).toBe(true);
  await run.ended;
  const again = rig.anotherRunner().reattach(run.key, mask);
  for (const from of [1, 65_530, 65_535, 65_536, 262_145, 524_288, 599_995, 600_000, 700_000]) {
    const rest = await collect(again?.stdout ?? run.stdout, from);
    expect(rest.equals(clean.subarray(from)), `from ${from}`).toBe(true);
  }
});

test.each([
  ['nobody read', []],
  ['one read to the end', [0]],
  ['one read from the middle', [300_001]],
  ['several read at a time', [0, 0, 65_536, 1]],
])('output.summary is of the masked bytes when %s', async (_, offsets) => {
  const { raw, clean, secrets } = plantSecrets();
  const run = rig.runner.start(rig.request(['cat'], { stdin: raw, mask: createMask(secrets) }));
  const readers = offsets.map((from) => collect(run.stdout, from));
  const expected = { bytes: clean.length, sha256: sha256(clean), truncated: false };
  expect(await run.stdout.summary()).toMatchObject(expected);
  await Promise.all(readers);
  const masked = clean.filter((byte) => byte === 42).length;
  expect(await run.stdout.summary()).toMatchObject({ ...expected, masked });
});

test('output.summary is complete though a reader stopped half way', async () => {
  const raw = Buffer.alloc(300_000, 'abc');
  const run = rig.runner.start(rig.request(['cat'], { stdin: raw }));
  for await (const { bytes } of run.stdout.read()) {
    expect(bytes.length).toBeLessThanOrEqual(64 * 1024);
    break;
  }
  expect(await run.stdout.summary()).toMatchObject({ bytes: 300_000, sha256: sha256(raw) });
});

test('output.read ends with the reason of its signal', async () => {
  const run = rig.runner.start(rig.request(['sleep', '60']));
  const stop = new AbortController();
  const reading = run.stdout.read(0, stop.signal)[Symbol.asyncIterator]().next();
  stop.abort(new Error('session lost'));
  await expect(reading).rejects.toThrow('session lost');
  run.cancel('done');
  await run.ended;
});
