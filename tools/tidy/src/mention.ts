import type { Tree } from './tree.ts';

/** The text of every file that `wanted` picks, in one string: what a word is looked for in. */
export const textOf = (tree: Tree, wanted: (path: string) => boolean): string =>
  tree.paths
    .filter(wanted)
    .map((path) => tree.read(path))
    .join('\n');

/** Tells whether a word stands in quotes. */
export const isQuoted = (text: string, word: string): boolean =>
  ["'", '"', '`'].some((quote) => text.includes(`${quote}${word}${quote}`));

/** Tells whether a name is used as one. */
export const isNamed = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
