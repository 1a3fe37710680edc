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

type Rules = Readonly<Record<string, Rule>>;

/** The house rules that lint cannot see. */
export const LAWS: Rules = { names, words, links };

/** What is declared in a table is built, tested and described. */
export const COVERAGE: Rules = { settings, operations, errorCodes, frames, entries, migrations };

/** Everything that is wrong with a tree, one line a breach: `rule: where what`. */
export const breachesOf = (tree: Tree, rules: Rules): readonly string[] =>
  Object.entries(rules).flatMap(([rule, check]) =>
    check(tree).map(({ where, what }) => `${rule}: ${where} ${what}`),
  );
