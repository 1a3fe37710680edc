import { hash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

/** SHA-256 of bytes or of UTF-8 text, as 64 lower-case hex digits. */
export const sha256Hex = (data: string | Uint8Array): string => hash('sha256', data, 'hex');

/** SHA-256 over the RFC 8785 form of a JSON value. */
export const hashJson = (value: unknown): string => sha256Hex(canonicalJson(value));
