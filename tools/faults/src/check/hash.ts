import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 as hex: written here again, so that the checker shares nothing with what it judges. */
export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** The RFC 8785 form of a JSON value. */
export const canonical = (value: unknown): string => canonicalize(value) ?? '';

export const hashOf = (value: unknown): string => sha256(canonical(value));
