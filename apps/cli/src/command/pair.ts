import { UsageError } from '../exit.ts';

/** Two whole numbers of a flag. */
interface Pair {
  readonly flag: string;
  readonly word: string;
  /** What each of them is, as the help names them. */
  readonly form: string;
}

/** Reads `600/100`. @throws UsageError */
export function readPair({ flag, word, form }: Pair): readonly [number, number] {
  const [, first, second] = /^(\d{1,9})\/(\d{1,9})$/.exec(word) ?? [];
  if (first === undefined || second === undefined)
    throw new UsageError(`--${flag} must be ${form}, such as 600/100; not ${word}`);
  return [Number(first), Number(second)];
}
