/**
 * Writes BYTES bytes of a PATTERN to a STREAM (`stdout`, `stderr`, or `both`, which get BYTES each). With A = the 62
 * characters 0-9A-Za-z, the byte at offset i is
 *   binary  (i ^ i >> 8 ^ i >> 16 ^ i >> 24) & 255: every value there is, NUL and invalid UTF-8 among them;
 *   text    a newline when i mod 64 is 63, else A[(i div 64 + i mod 64) mod 62]: lines of 64 bytes;
 *   line    A[i mod 62]: one line without an end.
 */
import { writeSync } from 'node:fs';

const BLOCK_BYTES = 65_536;
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

const charAt = (index) => ALPHABET.charCodeAt(index % ALPHABET.length);

/** The pattern's byte at an offset. */
const byteAt = {
  binary: (i) => (i ^ Math.floor(i / 0x100) ^ Math.floor(i / 0x1_0000) ^ Math.floor(i / 0x100_0000)) & 0xff,
  text: (i) => (i % 64 === 63 ? 10 : charAt(Math.floor(i / 64) + (i % 64))),
  line: (i) => charAt(i),
};

/** After so many blocks a pattern repeats: 62 and 64 · 62 divide 31 blocks, 256 blocks end the third byte's turn. */
const PERIOD_BLOCKS = { binary: 256, text: 31, line: 31 };

const [bytes, pattern, stream] = [Number(process.argv[2]), process.argv[3], process.argv[4]];
const fds = { stdout: [1], stderr: [2], both: [1, 2] }[stream];
const blocks = new Map();

function blockFrom(offset) {
  const index = (offset / BLOCK_BYTES) % PERIOD_BLOCKS[pattern];
  const salt = pattern === 'binary' ? byteAt.binary(Math.floor(offset / 0x100_0000) * 0x100_0000) : 0;
  const key = pattern === 'binary' ? (index ^ salt) & 0xff : index;
  let block = blocks.get(key);
  if (!block) {
    block = Buffer.alloc(BLOCK_BYTES);
    for (let at = 0; at < BLOCK_BYTES; at++) block[at] = byteAt[pattern](offset + at);
    blocks.set(key, block);
  }
  return block;
}

function writeAll(fd, block) {
  for (let at = 0; at < block.length;) at += writeSync(fd, block, at);
}

for (let offset = 0; offset < bytes; offset += BLOCK_BYTES) {
  const block = blockFrom(offset).subarray(0, Math.min(BLOCK_BYTES, bytes - offset));
  for (const fd of fds) writeAll(fd, block);
}
