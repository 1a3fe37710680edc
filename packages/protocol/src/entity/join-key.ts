import { z } from 'zod';
import {
  CurveKey,
  JoinKeyId,
  ProjectId,
  RegistrationName,
  SigningKey,
  Timestamp,
  WorkspaceId,
} from '../id.ts';
import { JOIN_KEY_STATUSES } from '../state/join-key.ts';
import { PrincipalRef } from './principal.ts';

export const JOIN_KEY_PREFIX = 'xjk_';
export const JOIN_KEY_AUDIENCE = 'xem-enroll';

/** A short-lived credential with which an agent enrols once. `value` and `command` are in the answer to `create` only. */
export const JoinKey = z
  .object({
    object: z.literal('join_key'),
    id: JoinKeyId,
    value: z.string().optional(),
    project_id: ProjectId,
    registration_name: RegistrationName.nullable(),
    region: z.string().nullable(),
    replace: z.boolean(),
    workspaces: z.array(WorkspaceId),
    uses: z.int().min(1),
    uses_confirmed: z.int().min(0),
    uses_reserved: z.int().min(0),
    status: z.enum(JOIN_KEY_STATUSES),
    enroll_endpoint: z.string(),
    router_curve_key: CurveKey,
    router_signing_key: SigningKey,
    command: z.string().optional(),
    expires_at: Timestamp,
    revoked_at: Timestamp.nullable(),
    created_at: Timestamp,
    created_by: PrincipalRef,
  })
  .meta({ id: 'JoinKey' });
export type JoinKey = z.infer<typeof JoinKey>;

/** What a join key says, once its `xjk_` is taken off and its signature is checked. */
export const JoinKeyClaims = z.object({
  iss: z.string(),
  aud: z.literal(JOIN_KEY_AUDIENCE),
  role: z.literal('xem'),
  jti: JoinKeyId,
  project: ProjectId,
  name: RegistrationName.optional(),
  region: z.string().optional(),
  workspaces: z.array(WorkspaceId),
  replace: z.boolean(),
  uses: z.int().min(1),
  router: z.object({ enroll_endpoint: z.string(), curve_key: CurveKey, signing_key: SigningKey }),
  iat: z.int(),
  exp: z.int(),
});
export type JoinKeyClaims = z.infer<typeof JoinKeyClaims>;
