import {
  chmodSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { BootError } from '../boot/boot-error.ts';

const OWNER_ONLY = 0o600;
const OTHERS = 0o077;
const SECRET = /^[0-9a-f]{64}\n?$/;

/** Writes a file whole or not at all, readable by its owner only, and on disk when this returns. */
export function writePrivately(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', OWNER_ONLY);
  try {
    chmodSync(draft, OWNER_ONLY);
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

/** Refuses a secret that others can read. @throws BootError `key_file_open` */
function assertPrivate(path: string): void {
  const { mode } = statSync(path);
  if ((mode & OTHERS) === 0) return;
  throw new BootError('key_file_open', `${path} can be read by others; run: chmod 600 ${path}`);
}

/**
 * Reads a 32-byte secret kept as hex, or makes one when there is none.
 * @throws BootError `key_file_open`, `key_file_broken`
 */
export function secretAt(path: string, make: () => Uint8Array): Buffer {
  if (!statSync(path, { throwIfNoEntry: false })) {
    writePrivately(path, `${Buffer.from(make()).toString('hex')}\n`);
  }
  assertPrivate(path);
  const text = readFileSync(path, 'utf8');
  if (!SECRET.test(text)) throw new BootError('key_file_broken', `${path} does not hold 64 hex digits`);
  return Buffer.from(text.trim(), 'hex');
}
