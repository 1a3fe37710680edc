import type { Tree } from './tree.ts';

/** Reads a list of names that still wait for their part of the product; empty when there is no list. */
export function namesIn(tree: Tree, path: string): readonly string[] {
  const list: unknown = tree.has(path) ? JSON.parse(tree.read(path)) : [];
  return Array.isArray(list) ? list.map(String) : [];
}

/** Reads a table of texts by name; empty when there is none. */
export function textsIn(tree: Tree, path: string): ReadonlyMap<string, string> {
  const table: unknown = tree.has(path) ? JSON.parse(tree.read(path)) : {};
  const rows = typeof table === 'object' && table !== null ? Object.entries(table) : [];
  return new Map(rows.map(([name, text]: [string, unknown]) => [name, String(text)]));
}
