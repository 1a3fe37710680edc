import { ExecError } from '@xem/errors';
import {
  createSignInLink,
  sha256Hex,
  type EntryData,
  type ParsedInputOf,
  type SignInLink,
} from '@xem/protocol';
import { toTimestamp } from '@xem/runtime';
import type { AccessReader, PrincipalRecord, SignInLinkRecord, WriteTx } from '@xem/store';
import { assertHuman } from '../access/human.ts';
import { familiesBehind } from '../api-key/families.ts';
import { assertWithin } from '../api-key/within.ts';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { loadPrincipal } from './load.ts';
import { refOf } from './record.ts';

/** What the first key of a human may do, and how long the way to it stays open. */
export type SignInDraft = Omit<ParsedInputOf<typeof createSignInLink>, 'id'>;

interface Invitation {
  readonly principal: PrincipalRecord;
  readonly draft: SignInDraft;
  /** Where the request names the rights. */
  readonly place: string;
}

/** The first key of a human has no pins, so a key that has some invites nobody. @throws ExecError scope_insufficient, invalid_state */
function rightsOf({ caller: { credential } }: VerbContext, { draft, place }: Invitation) {
  const { scopes, can_decide: canDecide } = draft;
  const { ipAllow } = credential;
  if (credential.endpoints !== null)
    throw new ExecError('scope_insufficient', 'a key that is pinned to endpoints makes no sign-in links');
  assertWithin(credential, { scopes, canDecide, endpoints: null, ipAllow }, place);
  const behind = familiesBehind(credential, canDecide);
  return { scopes, canDecide, ipAllow, behind, minterKeyId: credential.keyId };
}

/** What the journal hears of a link: what it hands out, and until when. */
const toldOf = ({ scopes, can_decide, expires_at }: SignInLink) => ({ scopes, can_decide, expires_at });

/** Opens the way in for a human, while the key that does is good; the link replaces every earlier one. Its token is in the answer only. */
export async function invite(
  ctx: VerbContext,
  tx: WriteTx,
  invitation: Invitation,
): Promise<{
  readonly link: SignInLink;
  readonly told: Pick<EntryData<'principal.created'>, 'sign_in_link'>;
}> {
  const { principal, draft } = invitation;
  const now = ctx.clock.now();
  const { keyExpiresAt } = ctx.caller.credential;
  const token = ctx.ids.token();
  const row: SignInLinkRecord = {
    tokenSha256: sha256Hex(token),
    projectId: ctx.projectId,
    principalId: principal.id,
    rights: rightsOf(ctx, invitation),
    createdBy: ctx.caller.principal,
    createdAt: now,
    expiresAt: Math.min(now + draft.expires_in_seconds * 1000, keyExpiresAt ?? Infinity),
  };
  await tx.access.removeSignInLinksBefore(now);
  await tx.access.removeSignInLinksOf(principal.id);
  await tx.access.insertSignInLink(row);
  const link: SignInLink = {
    object: 'sign_in_link',
    principal: refOf(principal),
    url: `${ctx.settings.publicUrl}/sign-in/${token}`,
    scopes: [...row.rights.scopes],
    can_decide: row.rights.canDecide,
    expires_at: toTimestamp(row.expiresAt),
  };
  return { link, told: { sign_in_link: toldOf(link) } };
}

const refuse = (message: string): ExecError => new ExecError('invalid_state', message);

/**
 * Somebody who held a key is somebody: a new way in would let whoever makes the link act as them.
 * @throws ExecError invalid_state
 */
async function assertNewcomer(ctx: VerbContext, rows: AccessReader, who: PrincipalRecord): Promise<void> {
  if (who.kind === 'service') throw refuse(`${who.name} is a service: mint it a key`);
  if (who.disabled) throw refuse(`${who.name} is disabled`);
  const [held] = await rows.apiKeys(ctx.projectId, { principalId: who.id }, { limit: 1 });
  if (held) throw refuse(`${who.name} has signed in already, and mints further keys alone`);
}

/** Makes the sign-in link of a human anew who never signed in. @throws ExecError principal_not_found, invalid_state, scope_insufficient */
export const signInLink = (
  ctx: VerbContext,
  { id, ...draft }: ParsedInputOf<typeof createSignInLink>,
): Promise<SignInLink> =>
  mutate(ctx, createSignInLink, async (tx) => {
    assertHuman(ctx, 'makes sign-in links');
    const principal = await loadPrincipal(ctx, tx.access, { id });
    await assertNewcomer(ctx, tx.access, principal);
    const { link, told } = await invite(ctx, tx, { principal, draft, place: '' });
    const fact = { type: 'principal.updated', subject: { type: 'principal', id }, data: told } as const;
    return { result: link, facts: [fact] };
  });
