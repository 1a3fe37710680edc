import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A secret's file that others can read, or that does not hold a secret; the message names the path and the remedy. */
export class SecretFileError extends Error {
  override readonly name = 'SecretFileError';
}

const READABLE_BY_OTHERS = 0o077;
const HEX = /^(?:[0-9a-f]{2})+$/;

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** The secret bytes of a file, or null when there is none. @throws SecretFileError as `readOrCreateSecret` does */
export function readSecret(path: string): Buffer | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
  try {
    if ((fstatSync(file).mode & READABLE_BY_OTHERS) !== 0) {
      throw new SecretFileError(`${path} is readable by others: run chmod 600 on it, or make a new key`);
    }
    const text = readFileSync(file, 'utf8').trim();
    if (!HEX.test(text)) throw new SecretFileError(`${path} does not hold a key in hex`);
    return Buffer.from(text, 'hex');
  } finally {
    closeSync(file);
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r');
  fsyncSync(file);
  closeSync(file);
}

/** Puts a whole file in place without ever replacing one that is there. */
function writeSecret(path: string, secret: Uint8Array): void {
  const draft = `${path}.${process.pid}.tmp`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, `${Buffer.from(secret).toString('hex')}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    unlinkSync(draft);
  }
  syncFile(dirname(path));
}

/**
 * The secret bytes of a file in hex, mode 0600, made at the first call. Two processes that start together get the same
 * secret. @throws SecretFileError when others can read the file, or when it holds no hex
 */
export function readOrCreateSecret(path: string, make: () => Uint8Array): Buffer {
  const found = readSecret(path);
  if (found !== null) return found;
  writeSecret(path, make());
  const made = readSecret(path);
  if (made === null) throw new SecretFileError(`${path} vanished while it was made`);
  return made;
}

/** Puts the secret of one file in the place of another's: whole or not at all, and on disk when this returns. */
export function replaceSecret(from: string, to: string): void {
  renameSync(from, to);
  syncFile(dirname(to));
}

/** Removes a secret's file, if there is one; on disk when this returns. */
export function removeSecret(path: string): void {
  rmSync(path, { force: true });
  syncFile(dirname(path));
}
