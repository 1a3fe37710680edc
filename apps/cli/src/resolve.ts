import type { Entry, Noun, Verb } from './command/entry.ts';
import { LONE_GLOBALS } from './command/globals.ts';

/** What a command line asks for. */
export interface Resolved {
  /** The words of the command, those that stand for themselves added. */
  readonly words: readonly string[];
  /** Flags and arguments; global flags from before the command come first. */
  readonly rest: readonly string[];
  /** Null when the words lead to a group, or nowhere. */
  readonly verb: Verb | null;
}

/** Splits off the flags before the first word, each with its value. */
function splitLeading(
  argv: readonly string[],
): readonly [leading: readonly string[], rest: readonly string[]] {
  let at = 0;
  for (let word = argv[at]; word?.startsWith('-') && word !== '--'; word = argv[at])
    at += LONE_GLOBALS.has(word) || word.includes('=') ? 1 : 2;
  return [argv.slice(0, at), argv.slice(at)];
}

const asksForHelp = (word: string): boolean => word === '--help' || word === '-h';

/** The word that a noun means to be read where none of its own is. */
function implied({ alone, withId }: Noun, next: string | undefined, helped: boolean): string | undefined {
  if (next !== undefined && withId?.pattern.test(next)) return withId.word;
  const nothing = next === undefined || (next.startsWith('-') && !asksForHelp(next));
  return nothing && !helped ? alone : undefined;
}

/** Finds the command that a command line asks for. */
export function resolve(root: Noun, argv: readonly string[]): Resolved {
  const [leading, rest] = splitLeading(argv);
  const helped = argv.some(asksForHelp);
  const words: string[] = [];
  let at = 0;
  let entry: Entry = root;
  while (!('load' in entry)) {
    const next: string | undefined = rest[at];
    const own: boolean = next !== undefined && Object.hasOwn(entry.entries, next);
    const word: string | undefined = own ? next : implied(entry, next, helped);
    const below: Entry | undefined = word === undefined ? undefined : entry.entries[word];
    if (word === undefined || !below) break;
    words.push(word);
    entry = below;
    if (own) at += 1;
  }
  return { words, rest: [...leading, ...rest.slice(at)], verb: 'load' in entry ? entry : null };
}
