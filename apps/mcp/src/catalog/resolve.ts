import { TOOL_NAME_FORM, type Tool } from '@xem/protocol';
import { ownError } from '../answer/refusal.ts';
import type { ToolCall } from '../tool/fixed-tool.ts';
import { readRows } from './rows.ts';

type Asking = Pick<ToolCall, 'caller' | 'signal'>;

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

/** What makes one tool stand for an alias that several have: shown to models, there now, and so named. */
const rank = ({ name, mcp, agents_online: online }: Tool): number =>
  (mcp.visible ? 4 : 0) + (online > 0 ? 2 : 0) + (name === mcp.alias ? 1 : 0);

/** The one tool that an alias stands for, in listing and in calling alike. */
export const ofAlias = (rows: readonly Tool[], alias: string): Tool | undefined =>
  rows.filter(({ mcp }) => mcp.alias === alias).toSorted((one, other) => rank(other) - rank(one))[0];

const named = (rows: readonly Tool[], word: string): Tool | undefined =>
  rows.find(({ name }) => name === word);

/** The declared name of a tool that was found. */
function nameOf(row: Tool | undefined, word: string): string {
  if (!row) throw notFound(word);
  if (!row.mcp.visible) throw hidden(word);
  return row.name;
}

function readAll({ caller, signal }: Asking, { word, workspaceId }: Wanted): Promise<readonly Tool[]> {
  if (!TOOL_NAME_FORM.pattern.test(word)) throw notFound(word);
  return readRows(caller.client, { workspaceId, visibility: 'all', signal });
}

/**
 * Finds the declared name of a tool that may be called here, by its name first: rules and approvals speak of names.
 * @throws ClientError exec_tool_not_found, tool_not_mcp_visible, workspace_not_found
 */
export async function resolveTool(call: Asking, wanted: Wanted): Promise<string> {
  const rows = await readAll(call, wanted);
  return nameOf(named(rows, wanted.word) ?? ofAlias(rows, wanted.word), wanted.word);
}

/** The same by the alias that `tools/list` shows, which is no other tool's name. @throws ClientError */
export async function resolveAlias(call: Asking, wanted: Wanted): Promise<string> {
  const rows = await readAll(call, wanted);
  const hiddenRow = named(rows, wanted.word);
  const row = ofAlias(rows, wanted.word) ?? (hiddenRow?.mcp.visible ? undefined : hiddenRow);
  return nameOf(row, wanted.word);
}

/** Refuses a tool that is there but hidden; one that is gone is for the router to refuse. @throws ClientError tool_not_mcp_visible */
export async function refuseHidden(call: Asking, wanted: Wanted): Promise<void> {
  const rows = await readAll(call, wanted);
  if (named(rows, wanted.word)?.mcp.visible === false) throw hidden(wanted.word);
}
