import { ExecError } from '@xem/errors';

const SCHEME = /^Bearer +(\S+) *$/i;
const KEY_LENGTH_MAX = 256;

/** The key of an `Authorization` header. @throws ExecError authentication_required */
export function bearerOf(authorization: string | undefined): string {
  if (authorization === undefined) {
    throw new ExecError('authentication_required', 'send `Authorization: Bearer <key>`');
  }
  const key = SCHEME.exec(authorization)?.[1];
  if (key && key.length <= KEY_LENGTH_MAX) return key;
  throw new ExecError(
    'authentication_required',
    'the Authorization header is not of the form `Bearer <key>`',
  );
}
