import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curveKeyPair } from 'zeromq';
import { curvePairFromSecret } from './curve.ts';
import { curveFingerprint, signingFingerprint } from './fingerprint.ts';
import { signClaim, signerFromSeed, verifyClaim, verifySignature } from './signer.ts';
import { z85Decode, z85Encode } from './z85.ts';

const seed = (byte: number): Uint8Array => new Uint8Array(32).fill(byte);

test('z85 encodes the example of its specification', () => {
  const bytes = Buffer.from('864fd26fb559f75b', 'hex');
  expect(z85Encode(bytes)).toBe('HelloWorld');
  expect(z85Decode('HelloWorld')).toEqual(bytes);
});

test('z85 gives back what it was given', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 64 }), (bytes) => {
      const whole = bytes.subarray(0, bytes.length - (bytes.length % 4));
      expect(z85Decode(z85Encode(whole))).toEqual(Buffer.from(whole));
    }),
  );
});

test.each(['abcd', 'abc~d', '#####'])('z85 refuses %s', (text) => {
  expect(() => z85Decode(text)).toThrow(RangeError);
});

test('a CURVE pair made from its secret is the one that libzmq makes', () => {
  const pair = curveKeyPair();
  expect(curvePairFromSecret(z85Decode(pair.secretKey))).toEqual(pair);
});

test('a CURVE pair and a signer take 32 bytes and nothing else', () => {
  expect(() => curvePairFromSecret(new Uint8Array(31))).toThrow(RangeError);
  expect(() => signerFromSeed(new Uint8Array(33))).toThrow(RangeError);
});

test('a signature is its key’s over its bytes', () => {
  const signer = signerFromSeed(seed(1));
  const bytes = Buffer.from('order');
  const signature = signer.sign(bytes);
  expect(verifySignature(signer.publicKey, bytes, signature)).toBe(true);
  expect(verifySignature(signerFromSeed(seed(2)).publicKey, bytes, signature)).toBe(false);
  expect(verifySignature(signer.publicKey, Buffer.from('other'), signature)).toBe(false);
});

test.each([
  ['a short key', 'AAAA', new Uint8Array(64)],
  ['a key that is no text of base64url', '!'.repeat(43), new Uint8Array(64)],
  ['a short signature', signerFromSeed(seed(1)).publicKey, new Uint8Array(3)],
  ['an empty signature', signerFromSeed(seed(1)).publicKey, new Uint8Array(0)],
])('a signature is refused for %s', (_, publicKey, signature) => {
  expect(verifySignature(publicKey, Buffer.from('order'), signature)).toBe(false);
});

test('a claim is signed whatever the order of its members, and for its context alone', () => {
  const signer = signerFromSeed(seed(3));
  const { publicKey } = signer;
  const forward = { ctx: 'xem/a/1', x: 1, y: 2 };
  const backward = { y: 2, x: 1, ctx: 'xem/a/1' };
  const signature = signClaim(signer, forward);
  expect(verifyClaim({ publicKey, signature, claim: backward })).toBe(true);
  expect(verifyClaim({ publicKey, signature, claim: { ...forward, ctx: 'xem/b/1' } })).toBe(false);
});

test('a fingerprint is 16 hex digits over the raw key', () => {
  const { publicKey } = curvePairFromSecret(seed(4));
  expect(curveFingerprint(publicKey)).toMatch(/^[0-9a-f]{16}$/);
  expect(signingFingerprint(signerFromSeed(seed(4)).publicKey)).toMatch(/^[0-9a-f]{16}$/);
});
