import { ROUTES } from '@xem/client';
import { listTools as operation, Risk, WorkspaceId } from '@xem/protocol';
import { z } from 'zod';
import { tellPlainly } from '../answer/plain.ts';
import { fixedTool, PAGE, READS } from './fixed-tool.ts';

/** The tools of the mesh that may be called here. */
export const listMeshTools = fixedTool({
  name: 'list_tools',
  title: 'List the tools of the mesh',
  says: 'Tools that agents offer, with risk, alias and whether a human must approve each call. Filters and pages.',
  operation: 'tool.list',
  input: z.strictObject({
    ...PAGE,
    workspace_id: WorkspaceId.optional().describe('Instead of the default workspace.'),
    domain: z.string().max(64).optional(),
    risk: Risk.optional(),
    q: z.string().max(200).optional().describe('Words to look for in names and descriptions.'),
    online: z.boolean().optional().describe('Only tools that an agent offers right now.'),
  }),
  output: operation.output,
  annotations: READS,
  run: async ({ caller, signal }, { online, ...input }) => {
    const query = {
      ...input,
      workspace_id: input.workspace_id ?? caller.workspaceId,
      visibility: 'mcp' as const,
      ...(online !== undefined && { online: online ? ('true' as const) : ('false' as const) }),
    };
    return tellPlainly((await caller.client.call(ROUTES['tool.list'], query, { signal })).data);
  },
});
