import { z } from 'zod';
import { ApiKey, Principal, PrincipalKind, RateLimit, Scope, WhoAmI } from '../entity/principal.ts';
import { ApiKeyId, PrincipalId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { operation } from './operation.ts';

const YEAR_SECONDS = 365 * 86_400;

export const whoAmI = operation({
  id: 'auth.whoami',
  method: 'GET',
  path: '/whoami',
  scope: 'any',
  summary: 'Read what the key is and may do',
  answers: 'json',
  input: z.strictObject({}),
  output: WhoAmI,
  errors: [],
});

export const listPrincipals = operation({
  id: 'principal.list',
  method: 'GET',
  path: '/management/principals',
  scope: 'management',
  summary: 'List the humans and services of the project',
  answers: 'json',
  input: z.strictObject({ ...PageQuery.shape }),
  output: pageOf(Principal, 'PrincipalList'),
  errors: [],
});

export const createPrincipal = operation({
  id: 'principal.create',
  method: 'POST',
  path: '/management/principals',
  scope: 'management',
  summary: 'Make a human or a service; only a human may',
  answers: 'json',
  status: 201,
  input: z.strictObject({
    kind: PrincipalKind,
    name: z.string().min(1).max(128),
    groups: z.array(z.string().min(1).max(64)).max(32).default([]),
  }),
  output: Principal,
  errors: [],
});

export const listApiKeys = operation({
  id: 'api_key.list',
  method: 'GET',
  path: '/management/api-keys',
  scope: 'management',
  summary: 'List the API keys of the project',
  answers: 'json',
  input: z.strictObject({ ...PageQuery.shape }),
  output: pageOf(ApiKey, 'ApiKeyList'),
  errors: [],
});

export const createApiKey = operation({
  id: 'api_key.create',
  method: 'POST',
  path: '/management/api-keys',
  scope: 'management',
  summary: 'Mint an API key for a service, or for oneself',
  answers: 'json',
  status: 201,
  input: z.strictObject({
    principal_id: PrincipalId,
    name: z.string().min(1).max(128),
    scopes: z.array(Scope).min(1),
    can_decide: z.boolean().default(false),
    rate: RateLimit.optional(),
    expires_in_seconds: z
      .int()
      .min(1)
      .max(10 * YEAR_SECONDS)
      .optional(),
  }),
  output: z.object({ ...ApiKey.shape, value: z.string() }).meta({ id: 'NewApiKey' }),
  errors: ['principal_not_found'],
});

export const revokeApiKey = operation({
  id: 'api_key.revoke',
  method: 'POST',
  path: '/management/api-keys/:id/revoke',
  scope: 'management',
  summary: 'Revoke an API key',
  answers: 'json',
  input: z.strictObject({ id: ApiKeyId }),
  output: ApiKey,
  errors: ['api_key_not_found'],
});
