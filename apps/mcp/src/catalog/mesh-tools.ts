import type { Tool as McpTool, ToolAnnotations } from '@modelcontextprotocol/server';
import { ClientError, ROUTES } from '@xem/client';
import type { Risk, Tool } from '@xem/protocol';
import { OUTCOME_SCHEMA } from '../answer/schema.ts';
import type { Caller } from '../caller.ts';
import { ofAlias } from './resolve.ts';
import { readRows } from './rows.ts';
import type { Definition } from './shelf.ts';

const AT_ONCE = 8;

/** What a client is told of a risk, so that it may ask its user. */
export const annotationsOf = (risk: Risk, idempotent: boolean): ToolAnnotations => ({
  readOnlyHint: risk === 'read',
  destructiveHint: risk === 'destructive' || risk === 'irreversible',
  idempotentHint: idempotent || risk === 'read',
  openWorldHint: true,
});

async function define({ client, parts }: Caller, { name, digest }: Tool): Promise<Definition | null> {
  const known = parts.shelf.get(digest);
  if (known) return known;
  try {
    const { data } = await client.call(ROUTES['tool.get'], { name, digest });
    parts.shelf.put(digest, { parameters: data.parameters, idempotent: data.idempotent });
    return data;
  } catch (error) {
    if (error instanceof ClientError && error.code === 'exec_tool_not_found') return null;
    throw error;
  }
}

const describe = ({ description, risk, requires_approval: gated }: Tool): string =>
  `${description}\n\nRisk: ${risk}.${gated ? ' A human has to approve each call before it runs.' : ''}`;

async function present(caller: Caller, row: Tool): Promise<McpTool[]> {
  const definition = await define(caller, row);
  if (!definition) return [];
  return [
    {
      name: row.mcp.alias,
      title: row.name,
      description: describe(row),
      inputSchema: definition.parameters,
      outputSchema: OUTCOME_SCHEMA,
      annotations: annotationsOf(row.risk, definition.idempotent),
    },
  ];
}

/** One row for each alias, of tools that an agent offers now. */
function offered(rows: readonly Tool[]): readonly Tool[] {
  const aliases = new Set(rows.map(({ mcp }) => mcp.alias));
  return [...aliases].flatMap((alias) => {
    const row = ofAlias(rows, alias);
    return row && row.agents_online > 0 ? [row] : [];
  });
}

/** The tools of the caller's workspace as a client lists them; none when it has no such workspace. @throws ClientError */
export async function listMeshTools(caller: Caller, signal: AbortSignal): Promise<readonly McpTool[]> {
  const { client, workspaceId, parts } = caller;
  if (workspaceId === undefined || parts.settings.mcp_catalog === 'core') return [];
  const rows = offered(await readRows(client, { workspaceId, visibility: 'mcp', signal }));
  const tools: McpTool[] = [];
  for (let at = 0; at < rows.length; at += AT_ONCE) {
    const some = await Promise.all(rows.slice(at, at + AT_ONCE).map((row) => present(caller, row)));
    tools.push(...some.flat());
  }
  return tools;
}
