import { WebhookId } from '@xem/protocol';
import { seededIds, virtualClock } from '@xem/runtime/testing';
import { expect, test } from 'vitest';
import { createSecretBox } from './secret-box.ts';

const ids = seededIds(virtualClock());
const MINE = WebhookId.parse(`whk_${'1'.repeat(24)}`);
const THEIRS = WebhookId.parse(`whk_${'2'.repeat(24)}`);

const boxOf = (byte: number) => createSecretBox(new Uint8Array(32).fill(byte), ids);

test('a secret box gives back what it took, and shows nothing of it', () => {
  const box = boxOf(1);
  const sealed = box.seal(MINE, 'whsec_ünsafe');
  expect(Buffer.from(sealed).toString('latin1')).not.toContain('whsec');
  expect(box.seal(MINE, 'whsec_ünsafe')).not.toEqual(sealed);
  expect(box.open(MINE, sealed)).toBe('whsec_ünsafe');
});

test.each([
  ['with another key', () => boxOf(2).open(MINE, boxOf(1).seal(MINE, 'secret'))],
  ['as the secret of another webhook', () => boxOf(1).open(THEIRS, boxOf(1).seal(MINE, 'secret'))],
  [
    'when a byte was changed',
    () => {
      const sealed = Buffer.from(boxOf(1).seal(MINE, 'secret'));
      sealed.writeUInt8(sealed.readUInt8(sealed.length - 1) ^ 1, sealed.length - 1);
      return boxOf(1).open(MINE, sealed);
    },
  ],
  ['when it was cut off', () => boxOf(1).open(MINE, new Uint8Array(20))],
])('a secret box opens nothing %s', (_how, open) => {
  expect(open).toThrow(Error);
});
