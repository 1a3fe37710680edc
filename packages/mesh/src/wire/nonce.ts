import type { IdSource } from '@xem/runtime';

/** A nonce of 32 random bytes, as base64url. */
export const makeNonce = (ids: IdSource): string => ids.bytes(32).toString('base64url');
