import { entries } from './rule/entries.ts';
import { errorCodes } from './rule/error-codes.ts';
import { frames } from './rule/frames.ts';
import { links } from './rule/links.ts';
import { migrations } from './rule/migrations.ts';
import { names } from './rule/names.ts';
import { operations } from './rule/operations.ts';
import { settings } from './rule/settings.ts';
import { words } from './rule/words.ts';
import type { Rule, Tree } from './tree.ts';

/** The house rules that lint cannot see; and that what a table declares is built, tested and described. */
const RULES: Readonly<Record<string, Rule>> = {
  names,
  words,
  links,
  migrations,
  settings,
  operations,
  errorCodes,
  frames,
  entries,
};

/** Everything that is wrong with a tree, one line a breach: `rule: where what`. */
export const breachesOf = (tree: Tree): readonly string[] =>
  Object.entries(RULES).flatMap(([rule, check]) =>
    check(tree).map(({ where, what }) => `${rule}: ${where} ${what}`),
  );
