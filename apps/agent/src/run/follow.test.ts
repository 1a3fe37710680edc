import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGrowth } from './growth.ts';
import { createMask } from './mask.ts';
import { createSpoolOutput } from './spool-output.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'xem-follow-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Few letters, so that secrets and their beginnings are everywhere. */
const letters = (minLength: number, maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom('a', 'b'), minLength, maxLength });

/** What a reader should see, from the definition: a byte is hidden when an occurrence of a secret holds it. */
function maskedByDefinition(text: string, secrets: string[]): string {
  const isHidden = (index: number): boolean =>
    secrets.some((secret) => {
      const near = text.slice(Math.max(0, index - secret.length + 1), index + secret.length);
      return near.includes(secret);
    });
  return text.replaceAll(/./g, (letter, index: number) => (isHidden(index) ? '*' : letter));
}

const scenario = fc.record({
  secrets: fc.array(letters(6, 12), { minLength: 1, maxLength: 3 }),
  pieces: fc.array(letters(0, 30), { maxLength: 8 }),
  from: fc.nat({ max: 60 }),
});

test('output.read and output.summary agree with the definition however the stream grows', async () => {
  let runs = 0;
  const holds = async ({
    secrets,
    pieces,
    from,
  }: typeof scenario extends fc.Arbitrary<infer T> ? T : never) => {
    const path = join(folder, `out-${runs++}`);
    const growth = createGrowth();
    const ended = Promise.withResolvers<{ exit_code: number }>();
    const output = createSpoolOutput(
      { path, bytesMax: 1e6, mask: createMask(secrets), growth },
      ended.promise,
    );
    const read = async (offset: number): Promise<string> => {
      let seen = '';
      for await (const { bytes } of output.read(offset)) seen += bytes.toString();
      return seen;
    };
    const readers = [read(0), read(from)];
    writeFileSync(path, '');
    for (const piece of pieces) {
      appendFileSync(path, piece);
      growth.notify();
      await stat(path);
    }
    growth.end();
    ended.resolve({ exit_code: 0 });
    const expected = maskedByDefinition(pieces.join(''), secrets);
    expect(await Promise.all(readers)).toEqual([expected, expected.slice(from)]);
    expect(await output.summary()).toEqual({
      bytes: expected.length,
      sha256: createHash('sha256').update(expected).digest('hex'),
      truncated: false,
      masked: expected.split('*').length - 1,
    });
  };
  await fc.assert(fc.asyncProperty(scenario, holds), { numRuns: 300 });
});
