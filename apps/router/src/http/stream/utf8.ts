import { isUtf8 } from 'node:buffer';

const CONTINUATION_MASK = 0xc0;
const CONTINUATION = 0x80;
const TAIL_BYTES_MAX = 3;

/** How many bytes the sequence that begins with a byte has; 1 for a byte that begins none. */
function lengthFrom(lead: number): number {
  if (lead >= 0xf0) return 4;
  if (lead >= 0xe0) return 3;
  return lead >= 0xc0 ? 2 : 1;
}

/** How many bytes at the end of a chunk are the beginning of a character whose rest has not come yet. */
export function incompleteTail(chunk: Uint8Array): number {
  for (let back = 1; back <= Math.min(TAIL_BYTES_MAX, chunk.length); back++) {
    const byte = chunk[chunk.length - back] ?? 0;
    if ((byte & CONTINUATION_MASK) !== CONTINUATION) return lengthFrom(byte) > back ? back : 0;
  }
  return 0;
}

/** A chunk as JSON can carry it: text when it is valid UTF-8 by itself, else base64. */
export const asJson = (chunk: Buffer): { text: string } | { base64: string } =>
  isUtf8(chunk) ? { text: chunk.toString('utf8') } : { base64: chunk.toString('base64') };
