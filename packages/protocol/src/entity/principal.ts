import { z } from 'zod';
import { ApiKeyId, ApprovalId, LinkId, PrincipalId, ProjectId, Timestamp } from '../id.ts';
import { PRINCIPAL_KINDS, SCOPES, SURFACES } from '../word.ts';

export const PrincipalKind = z.enum(PRINCIPAL_KINDS);
export type PrincipalKind = z.infer<typeof PrincipalKind>;

/** What a key may be used for. */
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

/** Scopes as a request names them, each once or more often; as many as there are need no more than this. */
export const Scopes = z.array(Scope).min(1).max(16);

/** Where a request came in. Information only: no rule may grant anything because of it. */
export const Surface = z.enum(SURFACES);
export type Surface = z.infer<typeof Surface>;

/** How somebody came to act: for `link` by whose link, else `of` is themselves. */
const Via = z.union([
  z.object({ kind: z.literal('link'), id: LinkId, of: PrincipalId }),
  z.object({ kind: z.literal('break_glass'), id: ApprovalId, of: PrincipalId }),
]);

/** Who acted, as every object names them; the name is the one they had then. */
export const PrincipalRef = z
  .object({ id: PrincipalId, kind: PrincipalKind, name: z.string(), via: Via.optional() })
  .meta({ id: 'PrincipalRef' });
export type PrincipalRef = z.infer<typeof PrincipalRef>;

export const Principal = z
  .object({
    object: z.literal('principal'),
    id: PrincipalId,
    kind: PrincipalKind,
    name: z.string(),
    groups: z.array(z.string()),
    disabled: z.boolean(),
    created_by: PrincipalRef.nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'Principal' });
export type Principal = z.infer<typeof Principal>;

/** A one-time way in for a human who has not signed in yet; the address is shown once. */
export const SignInLink = z
  .object({
    object: z.literal('sign_in_link'),
    principal: PrincipalRef,
    url: z.string(),
    scopes: z.array(Scope),
    can_decide: z.boolean(),
    expires_at: Timestamp,
  })
  .meta({ id: 'SignInLink' });
export type SignInLink = z.infer<typeof SignInLink>;

/** Requests a minute that a key may send, and how many at once. */
export const RateLimit = z.object({ per_minute: z.int().min(1), burst: z.int().min(1) });
export type RateLimit = z.infer<typeof RateLimit>;

export const ApiKey = z
  .object({
    object: z.literal('api_key'),
    id: ApiKeyId,
    project_id: ProjectId,
    principal: PrincipalRef,
    name: z.string(),
    prefix: z.string(),
    scopes: z.array(Scope),
    can_decide: z.boolean(),
    rate: RateLimit,
    endpoints: z.array(z.string()).nullable(),
    ip_allow: z.array(z.string()).nullable(),
    expires_at: Timestamp.nullable(),
    last_used_at: Timestamp.nullable(),
    revoked_at: Timestamp.nullable(),
    rotated_from: ApiKeyId.nullable(),
    created_at: Timestamp,
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof ApiKey>;

/** What a key is, asked by its holder. */
export const WhoAmI = z
  .object({
    object: z.literal('whoami'),
    project: z.object({ id: ProjectId, slug: z.string(), name: z.string() }),
    principal: PrincipalRef,
    groups: z.array(z.string()),
    key: z
      .object({ id: ApiKeyId, name: z.string(), prefix: z.string(), expires_at: Timestamp.nullable() })
      .nullable(),
    session: z.object({ kind: z.enum(['key', 'console', 'link']), expires_at: Timestamp.nullable() }),
    scopes: z.array(Scope),
    can_decide: z.boolean(),
    endpoints: z.array(z.string()).nullable(),
    rate: RateLimit,
    router: z.object({ version: z.string(), protocol: z.literal(1), time: Timestamp }),
  })
  .meta({ id: 'WhoAmI' });
export type WhoAmI = z.infer<typeof WhoAmI>;
