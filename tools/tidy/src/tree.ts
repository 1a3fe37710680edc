import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What rules look at: the files of a repository by their paths from its root, with `/`. */
export interface Tree {
  readonly paths: readonly string[];
  /** The text of a file. @throws Error when there is none */
  read(path: string): string;
  /** Tells whether a file or folder is there. */
  has(path: string): boolean;
}

/** A breach of a rule. */
export interface Finding {
  /** A path, with `:line` where there is one, or the row of a table. */
  readonly where: string;
  readonly what: string;
}

/** Reads a tree and tells what is wrong with it. */
export type Rule = (tree: Tree) => readonly Finding[];

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));
const GIT = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];

/** The files of this repository that git knows or would take. */
export function repositoryTree(): Tree {
  const listed = execFileSync('git', GIT, { cwd: REPOSITORY, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const paths = [...new Set(listed.split('\0'))].filter(
    (path) => path !== '' && existsSync(join(REPOSITORY, path)),
  );
  const texts = new Map<string, string>();
  return {
    paths,
    read: (path) => {
      const text = texts.get(path) ?? readFileSync(join(REPOSITORY, path), 'utf8');
      texts.set(path, text);
      return text;
    },
    has: (path) => existsSync(join(REPOSITORY, path)),
  };
}

/** A tree that exists in a test only. */
export function treeOf(files: Readonly<Record<string, string>>): Tree {
  return {
    paths: Object.keys(files),
    read: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error(`no file ${path}`);
      return text;
    },
    has: (path) => Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`)),
  };
}

/** Sources of the product: no tests, no test support. */
export const isSource = (path: string): boolean =>
  /^(?:apps|packages)\/.*\.tsx?$/.test(path) && !/\.test\.tsx?$|\/testing\//.test(path);

export const isTest = (path: string): boolean => path.endsWith('.test.ts');
