import { TOOL_NAME_FORM, type Tool } from '@xem/protocol';
import { ownError } from '../answer/refusal.ts';
import type { ToolCall } from '../tool/fixed-tool.ts';
import { readRows } from './rows.ts';

interface Wanted {
  /** A name, or an alias. */
  readonly word: string;
  /** Where to look; the whole project when there is none. */
  readonly workspaceId: string | undefined;
}

/** The refusal of a tool that its agent hides from models. */
export const hidden = (word: string) =>
  ownError('tool_not_mcp_visible', `the tool "${word}" is not shown to MCP clients`, '/tool');

const notFound = (word: string) =>
  ownError('exec_tool_not_found', `no agent offers a tool "${word}" here`, '/tool');

/** By its name first: a name is what rules and approvals speak of. */
function pick(rows: readonly Tool[], word: string): Tool | undefined {
  return rows.find(({ name }) => name === word) ?? rows.find(({ mcp }) => mcp.alias === word);
}

/**
 * Finds the declared name of a tool that may be called here.
 * @throws ClientError exec_tool_not_found, tool_not_mcp_visible, workspace_not_found
 */
export async function resolveTool(
  { caller, signal }: Pick<ToolCall, 'caller' | 'signal'>,
  { word, workspaceId }: Wanted,
): Promise<string> {
  if (!TOOL_NAME_FORM.pattern.test(word)) throw notFound(word);
  const row = pick(await readRows(caller.client, { workspaceId, visibility: 'all', signal }), word);
  if (!row) throw notFound(word);
  if (!row.mcp.visible) throw hidden(word);
  return row.name;
}

/** Refuses a tool that is there but hidden; one that is gone is for the router to refuse. @throws ClientError tool_not_mcp_visible */
export async function refuseHidden(
  { caller, signal }: Pick<ToolCall, 'caller' | 'signal'>,
  { word, workspaceId }: Wanted,
): Promise<void> {
  const rows = await readRows(caller.client, { workspaceId, visibility: 'all', signal });
  if (rows.some(({ name, mcp }) => name === word && !mcp.visible)) throw hidden(word);
}
