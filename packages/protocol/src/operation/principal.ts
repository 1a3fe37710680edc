import { DAY_SECONDS } from '../duration.ts';
import { z } from 'zod';
import { Principal, PrincipalKind, Scopes, SignInLink, WhoAmI } from '../entity/principal.ts';
import { PrincipalId } from '../id.ts';
import { PageQuery, pageOf } from '../page.ts';
import { operation } from './operation.ts';

const PrincipalName = z.string().min(1).max(128);

/** So much of them fits into an entry of the journal, beside a name. */
const GROUPS_BYTES_MAX = 4096;

const bytesOf = (value: unknown): number => new TextEncoder().encode(JSON.stringify(value)).length;

/** A group of principals; `*` is everybody's name in a quorum and nobody's here. */
const Groups = z
  .array(z.string().regex(/^(?!\*$).{1,64}$/u, 'must be 1 to 64 characters, and not *'))
  .max(32)
  .refine((groups) => bytesOf(groups) <= GROUPS_BYTES_MAX, `take ${GROUPS_BYTES_MAX} bytes of JSON at most`);

/** What the first key of a new human may do, and how long the link to it is good. */
const SignIn = z.strictObject({
  scopes: Scopes.default(['execution']),
  can_decide: z.boolean().default(false),
  expires_in_seconds: z.int().min(1).max(DAY_SECONDS).default(DAY_SECONDS),
});

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
  summary: 'Make a human, whose one-time sign-in link is in this answer only, or a service; only a human may',
  answers: 'json',
  status: 201,
  input: z.strictObject({
    kind: PrincipalKind,
    name: PrincipalName,
    groups: Groups.default([]),
    sign_in: SignIn.optional(),
  }),
  output: z.object({ ...Principal.shape, sign_in_link: SignInLink.optional() }).meta({ id: 'NewPrincipal' }),
  errors: ['invalid_state'],
});

export const getPrincipal = operation({
  id: 'principal.get',
  method: 'GET',
  path: '/management/principals/:id',
  scope: 'management',
  summary: 'Read a human or a service',
  answers: 'json',
  input: z.strictObject({ id: PrincipalId }),
  output: Principal,
  errors: ['principal_not_found'],
});

export const updatePrincipal = operation({
  id: 'principal.update',
  method: 'PATCH',
  path: '/management/principals/:id',
  scope: 'management',
  summary: 'Rename, regroup, disable or enable a principal; only a human may',
  answers: 'json',
  input: z.strictObject({
    id: PrincipalId,
    name: PrincipalName.optional(),
    groups: Groups.optional(),
    disabled: z.boolean().optional(),
  }),
  output: Principal,
  errors: ['principal_not_found', 'invalid_state'],
});

export const createSignInLink = operation({
  id: 'principal.sign_in_link',
  method: 'POST',
  path: '/management/principals/:id/sign-in-link',
  scope: 'management',
  summary: 'Make the one-time sign-in link of a human anew who has not signed in yet; only a human may',
  answers: 'json',
  status: 201,
  input: z.strictObject({ id: PrincipalId, ...SignIn.shape }),
  output: SignInLink,
  errors: ['principal_not_found', 'invalid_state'],
});
