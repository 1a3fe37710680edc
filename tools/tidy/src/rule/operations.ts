import * as protocol from '@xem/protocol';
import { isNamed, isQuoted, textOf } from '../mention.ts';
import { isSource, type Finding, type Rule } from '../tree.ts';

/**
 * The surfaces, each of which offers every operation, or names it in a table of its own with the reason why not.
 * One that is made from the whole table has them all.
 */
const SURFACES = [
  'apps/router/src/http/bindings.ts',
  'packages/client/src/',
  'apps/cli/src/command/',
  'apps/mcp/src/expose.ts',
] as const;

/** Operations by the names they are exported under. */
const DECLARED: readonly { readonly name: string; readonly id: string }[] = Object.entries(protocol).flatMap(
  ([name, thing]) =>
    protocol.OPERATIONS.flatMap((operation) => (operation === thing ? [{ name, id: operation.id }] : [])),
);

const WHOLE_TABLE = 'OPERATIONS';

function missingFrom(surface: string, text: string): readonly Finding[] {
  if (isNamed(text, WHOLE_TABLE)) return [];
  return DECLARED.filter(({ name, id }) => !isNamed(text, name) && !isQuoted(text, id)).map(({ id }) => ({
    where: id,
    what: `is an operation that ${surface} does not know`,
  }));
}

/** Every operation is known to router, client, CLI and MCP. */
export const operations: Rule = (tree) =>
  SURFACES.flatMap((surface) =>
    missingFrom(
      surface,
      textOf(tree, (path) => isSource(path) && path.startsWith(surface)),
    ),
  );
