import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, readSync, rmSync, writeSync } from 'node:fs';
import { PAYLOAD_BYTES } from './frame.ts';
import type { Sums } from './journal.ts';

/** A stream of a run: its bytes lie on disk until the router has them. */
export interface Spool {
  /** Appends; false when the stream is full and the rest was dropped. */
  write(bytes: Uint8Array): boolean;
  sums(): Sums;
  /** The next piece to send, at most `most` bytes; null when there is none. */
  next(most: number): { readonly offset: number; readonly payload: Uint8Array } | null;
  /** Goes on from here, as the router says what it has. */
  rewind(offset: number): void;
  remove(): void;
}

/** Opens a stream, with what a process before wrote of it. */
export function openSpool(path: string, maxBytes: number): Spool {
  const hash = createHash('sha256');
  const before = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
  hash.update(before);
  const file = openSync(path, 'a+', 0o600);
  let size = before.length;
  let sent = 0;
  let truncated = false;
  return {
    write: (bytes) => {
      const room = bytes.subarray(0, maxBytes - size);
      writeSync(file, room);
      hash.update(room);
      size += room.length;
      truncated ||= room.length < bytes.length;
      return !truncated;
    },
    sums: () => ({ bytes: size, sha256: hash.copy().digest('hex'), truncated, masked: 0 }),
    next: (most) => {
      const payload = Buffer.alloc(Math.min(most, PAYLOAD_BYTES, size - sent));
      if (payload.length === 0) return null;
      readSync(file, payload, 0, payload.length, sent);
      const offset = sent;
      sent += payload.length;
      return { offset, payload };
    },
    rewind: (offset) => (sent = offset),
    remove: () => {
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}
