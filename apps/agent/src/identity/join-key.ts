import { JOIN_KEY_PREFIX, JoinKeyClaims } from '@xem/protocol';
import { BootError } from '../boot/boot-error.ts';

const unreadable = (cause: unknown): BootError =>
  new BootError('join_key_invalid', 'the join key cannot be read; paste it again as it was printed', {
    cause,
  });

/**
 * What a join key says. Its signature is the router's to check: here it tells which router to trust, and whoever
 * handed it over is trusted for that.
 * @throws BootError `join_key_invalid`
 */
export async function readJoinKey(value: string): Promise<JoinKeyClaims> {
  const { decodeJwt } = await import('jose/jwt/decode');
  try {
    return JoinKeyClaims.parse(decodeJwt(value.slice(JOIN_KEY_PREFIX.length)));
  } catch (err) {
    throw unreadable(err);
  }
}
