import { readFileSync } from 'node:fs';
import { canonicalJson, hashJson } from '@xem/protocol';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { signClaim, verifyClaim } from '../key/signer.ts';
import { SAMPLE_CLAIMS, SAMPLE_HASHED } from '../testing/sample-claims.ts';

/** A recorded vector is never changed: agents in other languages are tested against it. */
const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../protocol/corpus/v1/${path}`, import.meta.url), 'utf8'));

const Signed = z.object({ public_key: z.string(), canonical: z.string(), signature: z.base64() });
const Hashed = z.object({ canonical: z.string(), sha256: z.string() });

test.each(Object.entries(SAMPLE_CLAIMS))('a recorded signature of %s is made again', (name, sample) => {
  const recorded = Signed.parse(read(`claim/${name}.json`));
  const { signer, claim } = sample;
  const signature = signClaim(signer, claim);
  expect({
    public_key: signer.publicKey,
    canonical: canonicalJson(claim),
    signature: Buffer.from(signature).toString('base64'),
  }).toEqual(recorded);
  expect(verifyClaim({ publicKey: recorded.public_key, claim, signature })).toBe(true);
});

test.each(Object.entries(SAMPLE_HASHED))('a recorded %s is made again', (name, value) => {
  const recorded = Hashed.parse(read(`hash/${name}.json`));
  expect({ canonical: canonicalJson(value), sha256: hashJson(value) }).toEqual(recorded);
});
