import { z } from 'zod';
import { Reason } from '../entity/invocation.ts';
import { Workspace } from '../entity/workspace.ts';
import { WorkspaceId } from '../id.ts';
import { operation } from './operation.ts';

const manageWorkspace = {
  method: 'POST',
  scope: 'management',
  answers: 'json',
  input: z.strictObject({ workspace_id: WorkspaceId, reason: Reason.optional() }),
  output: Workspace,
  errors: ['invalid_workspace_id', 'workspace_not_found'],
} as const;

export const pauseWorkspace = operation({
  ...manageWorkspace,
  id: 'workspace.pause',
  path: '/workspaces/:workspace_id/pause',
  summary: 'Hold the queued work of a workspace; what runs goes on',
});

export const resumeWorkspace = operation({
  ...manageWorkspace,
  id: 'workspace.resume',
  path: '/workspaces/:workspace_id/resume',
  summary: 'Let the work of a workspace go on',
});
