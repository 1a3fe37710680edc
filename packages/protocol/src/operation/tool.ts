import { z } from 'zod';
import { Risk, Tool, ToolDescriptor } from '../entity/tool.ts';
import { Sha256, ToolName, WorkspaceId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { operation } from './operation.ts';

const Flag = z.enum(['true', 'false']).transform((word) => word === 'true');

export const listTools = operation({
  id: 'tool.list',
  method: 'GET',
  path: '/exec/tools',
  scope: 'execution',
  summary: 'List the tools of the project',
  answers: 'json',
  input: z.strictObject({
    ...PageQuery.shape,
    workspace_id: WorkspaceId.optional(),
    domain: z.string().max(64).optional(),
    risk: Risk.optional(),
    q: z.string().max(200).optional(),
    online: Flag.optional(),
    visibility: z.enum(['all', 'mcp']).optional(),
  }),
  output: pageOf(Tool, 'ToolList'),
  errors: ['invalid_workspace_id', 'workspace_not_found'],
});

export const getTool = operation({
  id: 'tool.get',
  method: 'GET',
  path: '/exec/tools/:name',
  scope: 'execution',
  summary: 'Read everything about a tool',
  answers: 'json',
  input: z.strictObject({
    name: ToolName,
    digest: Sha256.optional(),
    workspace_id: WorkspaceId.optional(),
  }),
  output: ToolDescriptor,
  errors: ['exec_tool_not_found', 'invalid_workspace_id', 'workspace_not_found'],
});
