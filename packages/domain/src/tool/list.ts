import { listTools, type Page, type ParsedInputOf, type Tool } from '@xem/protocol';
import type { Position, Slice } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { readPage } from '../page.ts';
import { reachOf } from './reach.ts';
import { presentTool, type ToolChoice } from './row.ts';

type Query = ParsedInputOf<typeof listTools>;

const holdsText = ({ name, description }: Tool, text: string): boolean =>
  `${name}\n${description}`.toLowerCase().includes(text.toLowerCase());

function matches(tool: Tool, { domain, risk, q, online, visibility }: Query): boolean {
  if (domain !== undefined && tool.domain !== domain) return false;
  if (risk !== undefined && tool.risk !== risk) return false;
  if (q !== undefined && !holdsText(tool, q)) return false;
  if (visibility === 'mcp' && !tool.mcp.visible) return false;
  return online !== true || tool.agents_online > 0;
}

/** Alphabetical, and of one name the definition that was bound first: the order in which choices stand. */
const positionOf = ({ variant }: ToolChoice): Position => ({
  createdAt: variant.boundAt,
  id: `${variant.definition.name} ${variant.digest}`,
});

function isAfter(choice: ToolChoice, { createdAt, id }: Position): boolean {
  const here = positionOf(choice);
  const [name = ''] = id.split(' ');
  const ownName = choice.variant.definition.name;
  if (ownName !== name) return ownName > name;
  return here.createdAt === createdAt ? here.id > id : here.createdAt > createdAt;
}

const slice = <Row extends { readonly choice: ToolChoice }>(
  rows: readonly Row[],
  { limit, after }: Slice,
): readonly Row[] =>
  rows.filter(({ choice }) => after === undefined || isAfter(choice, after)).slice(0, limit);

/** Lists the tools of every registered agent, alphabetically, a row for each definition. @throws ExecError workspace_not_found */
export async function list(ctx: VerbContext, query: Query): Promise<Page<Tool>> {
  const { limit, after, ...filter } = query;
  const reach = await reachOf(ctx, query.workspace_id);
  const rows = ctx.catalogue
    .list(ctx.projectId, query.workspace_id)
    .flatMap((tool) => tool.variants.map((variant) => ({ tool, variant })))
    .map((choice) => ({ choice, shown: presentTool(ctx, reach, choice) }))
    .filter(({ shown }) => matches(shown, query));
  return readPage(
    { projectId: ctx.projectId, route: listTools.id, filter },
    { limit, after },
    {
      rows: async (part) => slice(rows, part),
      position: ({ choice }) => positionOf(choice),
      present: ({ shown }) => shown,
    },
  );
}
