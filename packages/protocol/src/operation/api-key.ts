import { DAY_SECONDS } from '../duration.ts';
import { z } from 'zod';
import { IpRange } from '../address.ts';
import { ApiKey, RateLimit, Scopes } from '../entity/principal.ts';
import { ApiKeyId, PrincipalId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { operation } from './operation.ts';

const YEAR_SECONDS = 365 * DAY_SECONDS;
const GRACE_SECONDS_MAX = 30 * DAY_SECONDS;
const LIST_MAX = 64;

/** Ids of operations, or `noun.*` for all of a noun. */
const Endpoints = z
  .array(z.string().regex(/^[a-z_]+\.(?:[a-z_]+|\*)$/, 'must be the id of an operation, or noun.*'))
  .min(1)
  .max(LIST_MAX);

const IpAllow = z.array(IpRange).min(1).max(LIST_MAX);

/** A key and its value, which is shown once. */
const NewApiKey = z.object({ ...ApiKey.shape, value: z.string() }).meta({ id: 'NewApiKey' });

const ofOne = {
  scope: 'management',
  answers: 'json',
  output: ApiKey,
  errors: ['api_key_not_found', 'invalid_state'],
} as const;

export const listApiKeys = operation({
  id: 'api_key.list',
  method: 'GET',
  path: '/management/api-keys',
  scope: 'management',
  summary: 'List the API keys of the project',
  answers: 'json',
  input: z.strictObject({ ...PageQuery.shape, principal_id: PrincipalId.optional() }),
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
    scopes: Scopes,
    can_decide: z.boolean().default(false),
    rate: RateLimit.optional(),
    endpoints: Endpoints.optional(),
    ip_allow: IpAllow.optional(),
    expires_in_seconds: z
      .int()
      .min(1)
      .max(10 * YEAR_SECONDS)
      .optional(),
  }),
  output: NewApiKey,
  errors: ['principal_not_found', 'invalid_state'],
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

export const getApiKey = operation({
  ...ofOne,
  id: 'api_key.get',
  method: 'GET',
  path: '/management/api-keys/:id',
  summary: 'Read an API key, without its value',
  input: z.strictObject({ id: ApiKeyId }),
});

export const rotateApiKey = operation({
  ...ofOne,
  id: 'api_key.rotate',
  method: 'POST',
  path: '/management/api-keys/:id/rotate',
  summary: 'Replace an API key by one with the same rights; the old one ends after the grace',
  status: 201,
  input: z.strictObject({ id: ApiKeyId, grace_seconds: z.int().min(0).max(GRACE_SECONDS_MAX).default(0) }),
  output: NewApiKey,
  errors: ['api_key_not_found', 'invalid_state'],
});

export const setApiKeyQuota = operation({
  ...ofOne,
  id: 'api_key.quota',
  method: 'PUT',
  path: '/management/api-keys/:id/quota',
  summary: 'Set how many requests a key may send',
  input: z.strictObject({ id: ApiKeyId, ...RateLimit.shape }),
});

export const setApiKeyIpFilter = operation({
  ...ofOne,
  id: 'api_key.ip_filter',
  method: 'PUT',
  path: '/management/api-keys/:id/ip-filter',
  summary: 'Set the addresses a key may be used from; null is everywhere',
  input: z.strictObject({ id: ApiKeyId, ip_allow: IpAllow.nullable() }),
});

export const setApiKeyEndpoints = operation({
  ...ofOne,
  id: 'api_key.endpoints',
  method: 'PUT',
  path: '/management/api-keys/:id/endpoints',
  summary: 'Pin a key to some operations; null is all that its scopes allow',
  input: z.strictObject({ id: ApiKeyId, endpoints: Endpoints.nullable() }),
});
