/** UTF-8 needs at most this many bytes for a character. */
const CHARACTER_BYTES_MAX = 4;

/** How many bytes a character has whose first byte this is; 1 when no character begins so. */
function lengthOf(first: number): number {
  if (first >= 0xf0) return 4;
  if (first >= 0xe0) return 3;
  return first >= 0xc0 ? 2 : 1;
}

/** Leaves out a character at the end that a page boundary cut, so that the next page begins with it. */
export function wholeCharacters(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(CHARACTER_BYTES_MAX, bytes.length); back += 1) {
    const byte = bytes.readUInt8(bytes.length - back);
    const continues = (byte & 0xc0) === 0x80;
    if (!continues) return lengthOf(byte) > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** Bytes as text; null when they are not UTF-8, or hold a NUL, and so would not come back as they were. */
export function exactText(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  return bytes.includes(0) || !Buffer.from(text, 'utf8').equals(bytes) ? null : text;
}
