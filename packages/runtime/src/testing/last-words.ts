import { closeSync, fstatSync, openSync, readSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Of each log so much is told. */
const LOG_BYTES_MAX = 16 * 1024;
const LOGS_MAX = 12;

/** The end of a file, from the beginning of a line on. */
function tailOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    const from = Math.max(0, size - LOG_BYTES_MAX);
    const bytes = Buffer.alloc(size - from);
    const text = bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, from));
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    closeSync(file);
  }
}

/** The last lines of every log below a folder, at most 16 KiB of each of a dozen: for a test that failed. */
export function lastWords(dir: string): string {
  const logs = readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.log(?:\.1)?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .slice(0, LOGS_MAX);
  const told = logs.map((path) => ({ name: relative(dir, path), words: tailOf(path).trimEnd() }));
  return told.map(({ name, words }) => (words === '' ? '' : `--- ${name}\n${words}\n`)).join('');
}
