import type { Finding, Rule, Tree } from '../tree.ts';

interface Ban {
  readonly pattern: RegExp;
  readonly in: RegExp;
  readonly what: string;
}

const TEXT = /\.(?:[cm]?[jt]sx?|json|md|ya?ml|sql|sh|html|css)$|^\.ci\/|(?:^|\/)[A-Z]+$/;

const BANS: readonly Ban[] = [
  { pattern: /new Date\(\)/, in: /\.tsx?$/, what: 'reads the clock: take a Clock' },
  {
    pattern: /(?<![\w.~])\/(?:home|root|Users|work(?:space)?)\/[\w.-]+/,
    in: TEXT,
    what: 'holds a path of one machine',
  },
  {
    pattern: /\b(?:registry\.(?:npmjs|yarnpkg)|npm\.pkg\.github|[\w-]+\.pkg\.dev|jfrog\.io)\b/,
    in: TEXT,
    what: 'names the host of a registry',
  },
  { pattern: /\b(?:it|test|describe)\.(?:only|skip|todo)\(/, in: /\.test\.ts$/, what: 'leaves out a test' },
];

/** These hold the banned words because they are about them. */
const ABOUT_THEM = /^tools\/tidy\/src\/|^pnpm-lock\.yaml$/;

function findIn(tree: Tree, path: string): readonly Finding[] {
  const bans = BANS.filter((ban) => ban.in.test(path));
  if (bans.length === 0) return [];
  const text = tree.read(path);
  return bans
    .filter(({ pattern }) => pattern.test(text))
    .map(({ pattern, what }) => {
      const line = text.slice(0, text.search(pattern)).split('\n').length;
      return { where: `${path}:${line}`, what };
    });
}

/** No file holds words that lint cannot see and that must not be there. */
export const words: Rule = (tree) =>
  tree.paths.filter((path) => !ABOUT_THEM.test(path)).flatMap((path) => findIn(tree, path));
