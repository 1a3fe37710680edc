import { z } from 'zod';
import { Concurrency, Workspace, WorkspaceBinding } from '../entity/workspace.ts';
import { AgentId, WorkspaceId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { operation } from './operation.ts';

export const listWorkspaces = operation({
  id: 'workspace.list',
  method: 'GET',
  path: '/workspaces',
  scope: 'any',
  summary: 'List workspaces, newest first',
  answers: 'json',
  input: z.strictObject({ ...PageQuery.shape }),
  output: pageOf(Workspace, 'WorkspaceList'),
  errors: [],
});

export const getWorkspace = operation({
  id: 'workspace.get',
  method: 'GET',
  path: '/workspaces/:workspace_id',
  scope: 'any',
  summary: 'Read a workspace',
  answers: 'json',
  input: z.strictObject({ workspace_id: WorkspaceId }),
  output: Workspace,
  errors: ['invalid_workspace_id', 'workspace_not_found'],
});

const WorkspaceName = z.string().min(1).max(128);
const WorkspaceType = z.string().min(1).max(64);
const WorkspaceModel = z.string().min(1).max(128);

export const createWorkspace = operation({
  id: 'workspace.create',
  method: 'POST',
  path: '/workspaces',
  scope: 'management',
  summary: 'Make a workspace',
  answers: 'json',
  status: 201,
  input: z.strictObject({
    name: WorkspaceName,
    type: WorkspaceType.optional(),
    model: WorkspaceModel.optional(),
  }),
  output: Workspace,
  errors: [],
});

export const updateWorkspace = operation({
  id: 'workspace.update',
  method: 'PATCH',
  path: '/workspaces/:workspace_id',
  scope: 'management',
  summary: 'Change a workspace; what is left out stays, and `per_tool` is replaced as a whole',
  answers: 'json',
  input: z.strictObject({
    workspace_id: WorkspaceId,
    name: WorkspaceName.optional(),
    type: WorkspaceType.nullable().optional(),
    model: WorkspaceModel.nullable().optional(),
    concurrency: z.strictObject(Concurrency.shape).partial().optional(),
  }),
  output: Workspace,
  errors: ['invalid_workspace_id', 'workspace_not_found'],
});

export const listBindings = operation({
  id: 'workspace.bindings',
  method: 'GET',
  path: '/workspaces/:workspace_id/bindings',
  scope: 'any',
  summary: 'List the agents bound to a workspace',
  answers: 'json',
  input: z.strictObject({ workspace_id: WorkspaceId, ...PageQuery.shape }),
  output: pageOf(WorkspaceBinding, 'WorkspaceBindingList'),
  errors: ['invalid_workspace_id', 'workspace_not_found'],
});

export const bindAgent = operation({
  id: 'workspace.bind',
  method: 'POST',
  path: '/workspaces/:workspace_id/bindings',
  scope: 'management',
  summary: 'Let an agent serve a workspace',
  answers: 'json',
  status: 201,
  input: z.strictObject({ workspace_id: WorkspaceId, agent_id: AgentId }),
  output: WorkspaceBinding,
  errors: ['invalid_workspace_id', 'workspace_not_found', 'agent_not_found', 'invalid_state'],
});

export const unbindAgent = operation({
  id: 'workspace.unbind',
  method: 'DELETE',
  path: '/workspaces/:workspace_id/bindings/:agent_id',
  scope: 'management',
  summary: 'End the service of an agent to a workspace',
  answers: 'json',
  input: z.strictObject({ workspace_id: WorkspaceId, agent_id: AgentId }),
  output: z.object({
    object: z.literal('workspace_binding'),
    workspace_id: WorkspaceId,
    agent_id: AgentId,
    deleted: z.literal(true),
  }),
  errors: ['invalid_workspace_id', 'workspace_not_found', 'workspace_binding_not_found'],
});
