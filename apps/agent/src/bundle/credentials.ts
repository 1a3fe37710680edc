import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleProblem } from './bundle-error.ts';

/** What the files of `credentials_dir` say: one file a reference, one `NAME=value` a line, `#` before a comment. */
export interface Credentials {
  /** Variables of a reference; null when no file has its name. */
  find(ref: string): Readonly<Record<string, string>> | null;
  /** Every value of every file. */
  readonly values: readonly string[];
  readonly problems: readonly BundleProblem[];
}

/** The name of a file of credentials. */
export const CREDENTIALS_REF = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$/;

/** Beside the credentials: which of them each workspace gets. */
export const REFS_FILE = 'workspaces.yaml';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const OPEN_TO_OTHERS = 0o077;
const VALUE_CHARS_MAX = 32 * 1024;

type Variables = Map<string, string>;

/** What is wrong with a line; null when nothing is. */
function parseLine(line: string, variables: Variables): string | null {
  if (line.trim() === '' || line.startsWith('#')) return null;
  const equals = line.indexOf('=');
  const name = line.slice(0, Math.max(0, equals));
  if (!NAME.test(name)) return 'must be NAME=value';
  if (variables.has(name)) return `${name} is there twice`;
  const value = line.slice(equals + 1);
  if (value.length > VALUE_CHARS_MAX || value.includes('\0')) return `${name} is too long or holds NUL`;
  variables.set(name, value);
  return null;
}

/** The text of a file that is the agent's alone, or why it is not read. */
function readPrivate(file: string): { readonly text: string } | { readonly refusal: string } {
  try {
    if ((statSync(file).mode & OPEN_TO_OTHERS) === 0) return { text: readFileSync(file, 'utf8') };
    return { refusal: 'others may read or write it; chmod 600 it' };
  } catch {
    return { refusal: 'cannot be read' };
  }
}

function readVariables(file: string, problems: BundleProblem[]): Variables {
  const variables: Variables = new Map();
  const read = readPrivate(file);
  if ('refusal' in read) {
    problems.push({ file, line: null, field: '', message: read.refusal });
    return variables;
  }
  for (const [index, line] of read.text.split(/\r?\n/).entries()) {
    const message = parseLine(line, variables);
    if (message) problems.push({ file, line: index + 1, field: '', message });
  }
  return variables;
}

function listFiles(dir: string): string[] {
  try {
    const names = readdirSync(dir).filter((name) => CREDENTIALS_REF.test(name) && name !== REFS_FILE);
    return names.filter((name) => statSync(join(dir, name), { throwIfNoEntry: false })?.isFile());
  } catch {
    return [];
  }
}

/** Reads all credentials; a folder that is not there holds none. */
export function readCredentials(dir: string): Credentials {
  const problems: BundleProblem[] = [];
  const files = new Map(listFiles(dir).map((name) => [name, readVariables(join(dir, name), problems)]));
  return {
    find: (ref) => {
      const variables = files.get(ref);
      return variables ? Object.fromEntries(variables) : null;
    },
    values: [...files.values()].flatMap((variables) => Array.from(variables.values())),
    problems,
  };
}
