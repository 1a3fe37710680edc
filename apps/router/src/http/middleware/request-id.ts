import type { IdSource } from '@xem/runtime';

const ACCEPTED = /^[A-Za-z0-9._-]{1,128}$/;

/** The request id a client sent, when it is one, else a new one. */
export const requestIdOf = (given: string | null | undefined, ids: IdSource): string =>
  given && ACCEPTED.test(given) ? given : ids.uuid();
