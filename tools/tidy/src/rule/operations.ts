import * as protocol from '@xem/protocol';
import { isNamed, isQuoted, textOf } from '../mention.ts';
import { isSource, type Finding, type Rule, type Tree } from '../tree.ts';
import { textsIn } from '../waiting-list.ts';

/** Why an operation is missing from a surface on purpose: `{ "cli noun.verb": "reason" }`. */
export const ABSENT = 'tools/tidy/absent-operations.json';

/** Where each surface names the operations it offers, by their ids or by the names of their declarations. */
const SURFACES = {
  router: (path: string) => isSource(path) && path.startsWith('apps/router/'),
  client: (path: string) => isSource(path) && path.startsWith('packages/client/'),
  cli: (path: string) => isSource(path) && path.startsWith('apps/cli/'),
  mcp: (path: string) => isSource(path) && path.startsWith('apps/mcp/'),
} as const;

/** Operations by the names they are exported under. */
const DECLARED: readonly { readonly name: string; readonly id: string }[] = Object.entries(protocol).flatMap(
  ([name, thing]) =>
    protocol.OPERATIONS.flatMap((operation) => (operation === thing ? [{ name, id: operation.id }] : [])),
);

/** A surface that is derived from the whole table has them all. */
const hasAll = (text: string): boolean => isNamed(text, 'OPERATIONS');

function findIn(tree: Tree, surface: string, text: string): readonly Finding[] {
  const reasons = textsIn(tree, ABSENT);
  return DECLARED.flatMap(({ name, id }): readonly Finding[] => {
    const there = isNamed(text, name) || isQuoted(text, id);
    const excused = reasons.has(`${surface} ${id}`);
    if (there && excused) return [{ where: ABSENT, what: `${surface} has ${id}: take it off the list` }];
    if (there || excused) return [];
    return [{ where: id, what: `is missing from ${surface}, and ${ABSENT} gives no reason` }];
  });
}

/** Every operation is bound in the router, and found in client, CLI and MCP unless a reason is given. */
export const operations: Rule = (tree) =>
  Object.entries(SURFACES).flatMap(([surface, belongs]) => {
    const text = textOf(tree, belongs);
    return hasAll(text) ? [] : findIn(tree, surface, text);
  });
