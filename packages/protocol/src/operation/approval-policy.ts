import { z } from 'zod';
import { deletionOf } from '../deletion.ts';
import { Policy, PolicyMembers } from '../entity/policy.ts';
import { PolicyId, WorkspaceId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { POLICY_PRESET_NAMES } from '../word.ts';
import { operation } from './operation.ts';

export const listPolicies = operation({
  id: 'policy.list',
  method: 'GET',
  path: '/exec/approval-policies',
  scope: 'execution',
  summary: 'List the approval policies in force; with `workspace_id` the one that governs there',
  answers: 'json',
  input: z.strictObject({ ...PageQuery.shape, workspace_id: WorkspaceId.optional() }),
  output: pageOf(Policy, 'ApprovalPolicyList'),
  errors: ['invalid_workspace_id', 'workspace_not_found'],
});

export const getPolicy = operation({
  id: 'policy.get',
  method: 'GET',
  path: '/exec/approval-policies/:id',
  scope: 'execution',
  summary: 'Read an approval policy, or an older version of it; `default` is the id of the project’s own',
  answers: 'json',
  input: z.strictObject({
    id: z.union([PolicyId, z.literal('default')]),
    version: z.coerce.number().int().min(1).optional(),
  }),
  output: Policy,
  errors: ['policy_not_found'],
});

export const listPolicyVersions = operation({
  id: 'policy.versions',
  method: 'GET',
  path: '/exec/approval-policies/:id/versions',
  scope: 'execution',
  summary: 'List the versions of an approval policy, newest first, of one that was deleted too',
  answers: 'json',
  input: z.strictObject({ ...PageQuery.shape, id: PolicyId }),
  output: pageOf(Policy, 'ApprovalPolicyVersionList'),
  errors: ['policy_not_found'],
});

export const putPolicy = operation({
  id: 'policy.put',
  method: 'PUT',
  path: '/exec/approval-policies',
  scope: 'management',
  summary:
    'Set the approval policy of a workspace, or of the project; humans only. What is left out is as in the preset, `standard` unless said. Calls that wait have to be asked for again',
  answers: 'json',
  input: z.strictObject({
    workspace_id: WorkspaceId.nullable().optional(),
    preset: z.enum(POLICY_PRESET_NAMES).optional(),
    ...PolicyMembers.partial().shape,
    /** The version that is to be replaced; 0 when there is none yet. */
    if_version: z.int().min(0).optional(),
    dry_run: z.boolean().optional(),
  }),
  output: Policy,
  errors: ['invalid_workspace_id', 'workspace_not_found', 'invalid_state'],
});

export const deletePolicy = operation({
  id: 'policy.delete',
  method: 'DELETE',
  path: '/exec/approval-policies/:id',
  scope: 'management',
  summary: 'Delete the approval policy of a workspace: the project’s takes over; humans only',
  answers: 'json',
  input: z.strictObject({ id: PolicyId }),
  output: deletionOf('approval_policy', PolicyId),
  errors: ['policy_not_found', 'invalid_state'],
});
