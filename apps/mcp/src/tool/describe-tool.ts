import { ROUTES } from '@xem/client';
import { Sha256, ToolDescriptor, WorkspaceId } from '@xem/protocol';
import { z } from 'zod';
import { tellPlainly } from '../answer/plain.ts';
import { hidden, resolveTool } from '../catalog/resolve.ts';
import { fixedTool, READS } from './fixed-tool.ts';

/** Everything there is to know of a tool. */
export const describeTool = fixedTool({
  name: 'describe_tool',
  title: 'Describe a tool of the mesh',
  says: 'Everything about one tool: the JSON Schema of its arguments, risk, time limit, agents and an example.',
  operation: 'tool.get',
  input: z.strictObject({
    tool: z.string().describe('Name or alias, as exec.list_tools lists them.'),
    workspace_id: WorkspaceId.optional().describe('Instead of the default workspace.'),
    digest: Sha256.optional().describe('Which variant, when agents disagree about a tool.'),
  }),
  output: ToolDescriptor,
  annotations: READS,
  run: async (call, { tool, digest, workspace_id }) => {
    const { client, workspaceId: fallback } = call.caller;
    const workspaceId = workspace_id ?? fallback;
    const name = await resolveTool(call, { word: tool, workspaceId });
    const input = { name, digest, workspace_id: workspaceId };
    const { data } = await client.call(ROUTES['tool.get'], input, { signal: call.signal });
    if (!data.mcp.visible) throw hidden(tool);
    return tellPlainly(data);
  },
});
