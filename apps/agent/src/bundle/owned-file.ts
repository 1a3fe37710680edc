import { readFileSync, statSync } from 'node:fs';

const WRITABLE_BY_OTHERS = 0o022;

/** The text of a file, or why it is not read. */
export type OwnedText = { readonly text: string } | { readonly why: string };

const isMissing = (err: unknown): boolean => err instanceof Error && 'code' in err && err.code === 'ENOENT';

/** Reads a file that nobody but its owner may write; null when there is none. */
export function readOwned(file: string): OwnedText | null {
  try {
    if ((statSync(file).mode & WRITABLE_BY_OTHERS) === 0) return { text: readFileSync(file, 'utf8') };
    return { why: 'others may write it; chmod go-w it' };
  } catch (err) {
    return isMissing(err) ? null : { why: 'cannot be read' };
  }
}
