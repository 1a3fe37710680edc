const ACRONYMS = /\b(?:id|ip|url|http|os|mcp|ttl|cpus)\b/g;

/** Units are told with the value. */
const UNITS = /(?:^|_)(?:ms|seconds)(?=_|$)/;

/** Members that are keyed by names of tools, which are shown as they are. */
const KEYED_BY_TOOL = new Set(['per_tool']);

/** The name of a member as words, without the unit its value is told in. */
export const memberWords = (name: string): string =>
  name
    .replace(UNITS, '')
    .replaceAll('_', ' ')
    .trim()
    .replaceAll(ACRONYMS, (word) => (word === 'cpus' ? 'CPUs' : word.toUpperCase()));

/** What a member of an object is called, given the names of the members it is under. */
export function titleOf(path: readonly string[]): string {
  const words = path
    .map((name, at) => (KEYED_BY_TOOL.has(path[at - 1] ?? '') ? name : memberWords(name)))
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
