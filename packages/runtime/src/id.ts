import { randomBytes, randomFillSync } from 'node:crypto';
import type { Clock } from './clock.ts';

/** Randomness, as an argument. */
export interface IdSource {
  /** A lower-case UUIDv7: sorts by the time it was made. */
  uuid(): string;
  /** `bytes` random bytes as lower-case hex, 12 by default. */
  hex(bytes?: number): string;
  /** `bytes` random bytes as base64url without padding, 32 by default: a secret. */
  token(bytes?: number): string;
  /** `length` random bytes. */
  bytes(length: number): Buffer;
}

const POOL_BYTES = 4096;
const UUID_BYTES = 16;

/** Draws random bytes from the system in blocks, since a system call an id would show in the hot path. */
function createPool(): (length: number) => Buffer {
  const pool = Buffer.alloc(POOL_BYTES);
  let at = POOL_BYTES;
  return (length) => {
    if (length > POOL_BYTES) return randomBytes(length);
    if (at + length > POOL_BYTES) {
      randomFillSync(pool);
      at = 0;
    }
    at += length;
    return pool.subarray(at - length, at);
  };
}

/** Lays out a version 7 UUID (RFC 9562): 48 bits of milliseconds, then random bits. */
export function formatUuidV7(ms: number, random: Buffer): string {
  const bytes = Buffer.from(random);
  bytes.writeUIntBE(ms, 0, 6);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** Ids and secrets from the system's randomness. */
export function systemIds(clock: Clock): IdSource {
  const draw = createPool();
  return {
    uuid: () => formatUuidV7(clock.now(), draw(UUID_BYTES)),
    hex: (bytes = 12) => draw(bytes).toString('hex'),
    token: (bytes = 32) => randomBytes(bytes).toString('base64url'),
    bytes: (length) => randomBytes(length),
  };
}
