import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** The RFC 8785 form of a JSON value: the bytes every hash and signature of the mesh is over. @throws TypeError */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

/** SHA-256 of bytes or of UTF-8 text, as 64 lower-case hex digits. */
export const sha256Hex = (data: string | Uint8Array): string =>
  createHash('sha256').update(data).digest('hex');

/** SHA-256 over the RFC 8785 form of a JSON value. */
export const hashJson = (value: unknown): string => sha256Hex(canonicalJson(value));
