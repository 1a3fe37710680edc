import { DAY_SECONDS } from '../duration.ts';
import { z } from 'zod';
import { JoinKey } from '../entity/join-key.ts';
import { JoinKeyId, RegistrationName, WorkspaceId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { operation } from './operation.ts';

export const listJoinKeys = operation({
  id: 'join_key.list',
  method: 'GET',
  path: '/management/join-keys',
  scope: 'management',
  summary: 'List join keys, newest first',
  answers: 'json',
  input: z.strictObject({ ...PageQuery.shape }),
  output: pageOf(JoinKey, 'JoinKeyList'),
  errors: [],
});

export const createJoinKey = operation({
  id: 'join_key.create',
  method: 'POST',
  path: '/management/join-keys',
  scope: 'management',
  summary: 'Mint a join key',
  answers: 'json',
  status: 201,
  input: z
    .strictObject({
      name: RegistrationName.optional(),
      region: z.string().min(1).max(64).optional(),
      uses: z.int().min(1).max(10_000).default(1),
      expires_in_seconds: z
        .int()
        .min(1)
        .max(30 * DAY_SECONDS)
        .default(DAY_SECONDS),
      workspaces: z.array(WorkspaceId).max(100).default([]),
      replace: z.boolean().default(false),
    })
    .refine(({ replace, name }) => !replace || name !== undefined, {
      message: 'a key that replaces must name the agent it replaces',
      path: ['name'],
    }),
  output: JoinKey,
  errors: ['workspace_not_found'],
});

export const revokeJoinKey = operation({
  id: 'join_key.revoke',
  method: 'POST',
  path: '/management/join-keys/:id/revoke',
  scope: 'management',
  summary: 'Revoke a join key',
  answers: 'json',
  input: z.strictObject({ id: JoinKeyId }),
  output: JoinKey,
  errors: ['join_key_not_found'],
});
