import { ROUTES } from '@xem/client';
import { AgentId, Reason, WorkspaceId } from '@xem/protocol';
import { z } from 'zod';
import { ownError } from '../answer/refusal.ts';
import { WAIT_SECONDS_MAX } from '../answer/next-step.ts';
import { Outcome } from '../answer/outcome.ts';
import { resolveTool } from '../catalog/resolve.ts';
import { carryOut } from '../invocation/carry-out.ts';
import { fixedTool } from './fixed-tool.ts';

const NO_WORKSPACE = 'name a workspace_id, or set X-Xem-Workspace or XEM_WORKSPACE';

/** Ask for a tool call, by the tool's name or alias. */
export const invoke = fixedTool({
  name: 'invoke',
  title: 'Invoke a tool of the mesh',
  says:
    'Ask for a tool call and wait for its end. A destructive or irreversible tool waits for a human first: the ' +
    'answer then comes at once with the approval’s URL and a next_step; only a human can decide, outside of MCP.',
  operation: 'invocation.create',
  input: z.strictObject({
    tool: z.string().describe('Name or alias, as exec.list_tools lists them.'),
    args: z
      .record(z.string(), z.unknown())
      .default({})
      .describe('Arguments; exec.describe_tool has the schema.'),
    workspace_id: WorkspaceId.optional().describe('Where to run it, when not the default workspace.'),
    reason: Reason.optional().describe('Why you ask, for the human who may have to decide.'),
    timeout_ms: z.int().min(1).optional().describe('Ends the run after this many milliseconds.'),
    agent_id: AgentId.optional().describe('Run it on this agent only.'),
    idempotency_key: z
      .string()
      .min(1)
      .max(255)
      .optional()
      .describe('Repeat a call with the same key to get the same invocation, not a second one.'),
    wait_seconds: z.number().min(0).max(WAIT_SECONDS_MAX).default(WAIT_SECONDS_MAX),
  }),
  output: Outcome,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
  run: async (call, { wait_seconds: seconds, idempotency_key: key, ...input }) => {
    const { client, parts, workspaceId } = call.caller;
    const workspace = input.workspace_id ?? workspaceId;
    if (workspace === undefined) throw ownError('missing_workspace_id', NO_WORKSPACE, '/workspace_id');
    const tool = await resolveTool(call, { word: input.tool, workspaceId: workspace });
    const body = { ...input, tool, workspace_id: workspace };
    const options = { idempotencyKey: key ?? parts.ids.uuid() };
    const { data } = await client.call(ROUTES['invocation.create'], body, options);
    if (data.object !== 'invocation') throw new Error('the router answered a call with a plan');
    return carryOut(call, data, seconds);
  },
});
