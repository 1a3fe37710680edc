import { createHash } from 'node:crypto';

const ALPHABET = Buffer.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
const BLOCK = 65_536;

function byteAt(pattern: string, at: number): number {
  if (pattern === 'binary') return (at ^ (at >>> 8) ^ (at >>> 16) ^ (at >>> 24)) & 0xff;
  if (pattern === 'line') return ALPHABET[at % 62] ?? 0;
  return at % 64 === 63 ? 10 : (ALPHABET[(Math.floor(at / 64) + (at % 64)) % 62] ?? 0);
}

/** The hash of what `demo_flood` writes, from what its description says of each byte. */
export function floodHash(pattern: string, bytes: number): string {
  const hash = createHash('sha256');
  for (let from = 0; from < bytes; from += BLOCK) {
    const block = Buffer.alloc(Math.min(BLOCK, bytes - from));
    for (let at = 0; at < block.length; at += 1) block[at] = byteAt(pattern, from + at);
    hash.update(block);
  }
  return hash.digest('hex');
}
