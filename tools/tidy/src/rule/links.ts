import { dirname, join, normalize } from 'node:path/posix';
import type { Finding, Rule, Tree } from '../tree.ts';

const LINK = /\]\(([^)\s]+)\)/g;
/** Code shows links and paths that need not be there. */
const FENCED = /^```[\s\S]*?^```$/gm;
const QUOTED = /`[^`\n]*`/g;
const NAMED_PATH = /`((?:apps|packages|tools|docs|\.ci)\/[^`\s]*)`/g;
/** A path with a placeholder or a pattern in it names no file. */
const PLACEHOLDER = /[<>{}*…[\]$]|NNNN/;

/** A heading's anchor, as the places that show Markdown make it. */
const anchorOf = (heading: string): string =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');

const anchorsIn = (text: string): ReadonlySet<string> =>
  new Set([...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));

function whyDead(tree: Tree, from: string, target: string): string | null {
  if (/^(?:[a-z]+:|\/\/)/.test(target)) return null;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? from : normalize(join(dirname(from), path)).replace(/\/$/, '');
  if (!tree.has(file)) return `links to ${target}, which is not there`;
  if (anchor === undefined || !file.endsWith('.md')) return null;
  return anchorsIn(tree.read(file)).has(anchor) ? null : `links to ${target}, and no heading has that anchor`;
}

function findIn(tree: Tree, path: string): readonly Finding[] {
  const text = tree.read(path).replaceAll(FENCED, '');
  const links = [...text.replaceAll(QUOTED, '').matchAll(LINK)].flatMap(
    ([, target = '']) => whyDead(tree, path, target) ?? [],
  );
  const named = [...text.matchAll(NAMED_PATH)]
    .map(([, target = '']) => target.replace(/[/:]\d*$/, ''))
    .filter((target) => !PLACEHOLDER.test(target) && !tree.has(target))
    .map((target) => `names ${target}, which is not there`);
  return [...links, ...named].map((what) => ({ where: path, what }));
}

/** Every path and link in the documents leads somewhere. */
export const links: Rule = (tree) =>
  tree.paths.filter((path) => path.endsWith('.md')).flatMap((path) => findIn(tree, path));
