import { z } from 'zod';
import { PrincipalKind, RateLimit, Scope } from '../entity/principal.ts';
import { ApiKeyId, PrincipalId, Timestamp } from '../id.ts';
import { Address, row } from './row.ts';

const Groups = z.array(z.string()).describe('The groups that quorums count');
const Scopes = z.array(Scope).describe('What it may be used for');
const CanDecide = z.boolean().describe('Whether it decides over gated calls');

const SignInLinkMade = z
  .object({ scopes: z.array(Scope), can_decide: z.boolean(), expires_at: Timestamp })
  .optional()
  .describe('What the first key may do, when a sign-in link was made');

/** What the journal hears of principals and of their keys. */
export const ACCESS_ENTRIES = {
  'principal.created': row(null, {
    kind: PrincipalKind.describe('A person, or a program'),
    name: z.string().describe('Its name'),
    groups: Groups,
    sign_in_link: SignInLinkMade,
  }),
  'principal.updated': row(null, {
    name: z.string().optional().describe('Its name now; left out when only a sign-in link was made'),
    groups: Groups.optional(),
    disabled: z.boolean().optional().describe('Whether its keys open nothing'),
    sign_in_link: SignInLinkMade,
  }),
  'principal.signed_in': row(null, {
    address: Address,
    ends_at: Timestamp.describe('When the session of the browser ends by itself'),
  }),
  'principal.signed_out': row(null, {}),
  'api_key.created': row(null, {
    principal_id: PrincipalId.describe('Whose key it is'),
    scopes: Scopes,
    can_decide: CanDecide,
    invited_by: PrincipalId.optional().describe('Who made the sign-in link that it came with'),
    address: z.string().nullable().optional().describe('Where that link was opened from'),
  }),
  'api_key.updated': row(null, {
    rate: RateLimit.describe('How many requests it may send now'),
    endpoints: z.array(z.string()).nullable().describe('The operations it is pinned to; null is all'),
    ip_allow: z.array(z.string()).nullable().describe('The addresses it may be used from; null is all'),
  }),
  'api_key.rotated': row(null, {
    into: ApiKeyId.describe('The key in its place'),
    ends_at: Timestamp.describe('When this one ends'),
  }),
  'api_key.revoked': row(null, {}),
} as const;
