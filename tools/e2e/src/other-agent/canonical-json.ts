import { createHash } from 'node:crypto';
import { object } from './shape.ts';

/** RFC 8785: members sorted by UTF-16 code units, numbers and texts as ECMAScript writes them, no spaces. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return scalar(value);
  const members = Object.entries(object(value)).filter(([, member]) => member !== undefined);
  const sorted = members.toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

function scalar(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('no JSON number');
  const written: unknown = JSON.stringify(value);
  if (typeof written !== 'string') throw new TypeError('no JSON value');
  return written;
}

/** SHA-256 as 64 lower-case hex digits. */
export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

/** The hash of a JSON value: that of its canonical form. */
export const hashOf = (value: unknown): string => sha256(canonicalJson(value));
