import { createHash } from 'node:crypto';
import type { StreamSummary } from '@xem/protocol';
import type { OutputChunk } from './run.ts';

/** The running hash of a stream. */
export interface Digest {
  /** The offset up to which it has seen the stream. */
  readonly at: number;
  /** Takes the chunk that starts at `at`; false for any other, which it passes over. */
  take(chunk: OutputChunk): boolean;
  /** To be asked once, after the last chunk. */
  summary(truncated: boolean): StreamSummary;
}

/** A digest that has seen nothing. */
export function createDigest(): Digest {
  const hash = createHash('sha256');
  let at = 0;
  let masked = 0;
  return {
    get at() {
      return at;
    },
    take: (chunk) => {
      if (chunk.offset !== at) return false;
      hash.update(chunk.bytes);
      at += chunk.bytes.length;
      masked += chunk.masked;
      return true;
    },
    summary: (truncated) => ({ bytes: at, sha256: hash.digest('hex'), truncated, masked }),
  };
}
