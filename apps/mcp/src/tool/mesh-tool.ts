import type { CallToolResult } from '@modelcontextprotocol/server';
import { ROUTES } from '@xem/client';
import { WAIT_SECONDS_MAX } from '../answer/next-step.ts';
import { ownError } from '../answer/refusal.ts';
import { hidden, resolveAlias } from '../catalog/resolve.ts';
import { carryOut } from '../invocation/carry-out.ts';
import type { ToolCall } from './fixed-tool.ts';

const NO_WORKSPACE = 'set X-Xem-Workspace or XEM_WORKSPACE, or name a workspace_id in a call of exec.invoke';

/** Calls a tool of the mesh under its alias, with the arguments as they came. @throws ClientError */
export async function callMeshTool(
  call: ToolCall,
  alias: string,
  args: Readonly<Record<string, unknown>>,
): Promise<CallToolResult> {
  const { client, parts, workspaceId } = call.caller;
  if (parts.settings.mcp_catalog === 'core') throw hidden(alias);
  if (workspaceId === undefined) throw ownError('missing_workspace_id', NO_WORKSPACE);
  const tool = await resolveAlias(call, { word: alias, workspaceId });
  const body = { workspace_id: workspaceId, tool, args: { ...args } };
  const { data } = await client.call(ROUTES['invocation.create'], body, { idempotencyKey: parts.ids.uuid() });
  if (data.object !== 'invocation') throw new Error('the router answered a call with a plan');
  return carryOut(call, data, WAIT_SECONDS_MAX);
}
