import { sha256Hex } from '@xem/protocol';
import { z85Decode } from './z85.ts';

const HEX_DIGITS = 16;

/** What people compare of a CURVE key (Z85): the first 16 hex digits of the SHA-256 of the raw key. @throws RangeError */
export const curveFingerprint = (key: string): string => sha256Hex(z85Decode(key)).slice(0, HEX_DIGITS);

/** What people compare of a signing key (base64url): the first 16 hex digits of the SHA-256 of the raw key. */
export const signingFingerprint = (key: string): string =>
  sha256Hex(Buffer.from(key, 'base64url')).slice(0, HEX_DIGITS);
