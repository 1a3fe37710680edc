import { ExecError } from '@xem/errors';
import { sha256Hex } from '@xem/protocol';
import type { PrincipalRecord, ProjectRecord, SignInLinkRecord, WriteTx } from '@xem/store';
import type { AccessServices } from '../access/authenticate.ts';
import { toCaller } from '../access/caller.ts';
import { grantOfKey } from '../access/grant.ts';
import { keyCreated, mintKey, RATE_DEFAULT, type MintedKey } from '../api-key/mint.ts';
import { internalOperation, type WriteContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { refOf } from '../principal/record.ts';
import { signedIn } from './facts.ts';
import { openSession, type SignedIn } from './open.ts';
import { visitContext, type Visit } from './visit.ts';

const acceptingLink = internalOperation('session.accept_link');

/** Whoever came in by a link: signed in, and with a first key that is shown here and nowhere else. */
export interface FirstSignIn extends SignedIn {
  readonly keyValue: string;
}

interface Arriving extends Visit {
  readonly token: string;
}

const refuse = (): ExecError =>
  new ExecError(
    'authentication_required',
    'the link is not good: it was used, it has ended, or it never was',
  );

/** A link speaks for the key that made it, and dies with it: once that has ended, was revoked, or its holder disabled. */
async function isGood(
  tx: WriteTx,
  { rights, projectId, expiresAt }: SignInLinkRecord,
  now: number,
): Promise<boolean> {
  const { minterKeyId: keyId } = rights;
  return expiresAt > now && (await grantOfKey(tx.access, { projectId, keyId }, now)) !== null;
}

interface Newcomer {
  readonly link: SignInLinkRecord;
  readonly principal: PrincipalRecord;
  readonly project: ProjectRecord;
}

/** Takes the link, so that nobody else does, and lets in whom it is for. @throws ExecError authentication_required */
async function take(ctx: WriteContext, tx: WriteTx, tokenSha256: string): Promise<Newcomer> {
  const link = await tx.access.takeSignInLink(tokenSha256);
  if (!link || !(await isGood(tx, link, ctx.clock.now()))) throw refuse();
  const invited = await tx.access.principal(link.projectId, link.principalId);
  const project = await tx.access.project(link.projectId);
  if (!invited || invited.disabled || !project) throw refuse();
  const principal = { ...invited, empoweredAt: ctx.clock.now() };
  await tx.access.savePrincipal(principal);
  return { link, principal, project };
}

const firstKey = (ctx: WriteContext, { link, principal, project }: Newcomer): MintedKey =>
  mintKey(ctx, {
    slug: project.slug,
    principal,
    name: `first key of ${principal.name}`.slice(0, 128),
    ...link.rights,
    rate: RATE_DEFAULT,
    expiresAt: null,
  });

/**
 * Lets a human in for the first time: uses up the link, mints their first key and opens a browser session, all at once
 * or not at all. @throws ExecError authentication_required
 */
export async function acceptLink(services: AccessServices, arriving: Arriving): Promise<FirstSignIn> {
  const { access } = services.store.read;
  const tokenSha256 = sha256Hex(arriving.token);
  const seen = await access.signInLink(tokenSha256);
  const invited = seen && (await access.principal(seen.projectId, seen.principalId));
  if (!invited) throw refuse();
  const visitor = { projectId: seen.projectId, actor: refOf(invited), keyId: null };
  const ctx = visitContext(services, visitor, arriving);
  return mutate(ctx, acceptingLink, async (tx) => {
    const newcomer = await take(ctx, tx, tokenSha256);
    const { link, principal, project } = newcomer;
    const { row: key, value: keyValue } = firstKey(ctx, newcomer);
    await tx.access.insertApiKey(key);
    const session = await openSession(ctx, tx, key);
    const caller = toCaller({ key, principal, project }, { kind: 'console', expiresAt: session.expiresAt });
    const fact = keyCreated(key);
    const told = { ...fact.data, invited_by: link.createdBy.id, address: arriving.address };
    const facts = [{ ...fact, data: told }, signedIn(principal, session, arriving)];
    return { result: { ...session, caller, keyValue }, facts };
  });
}
