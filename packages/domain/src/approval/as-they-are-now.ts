import type { WriteTx } from '@xem/store';
import { refuseCaller } from '../access/authenticate.ts';
import { toCaller } from '../access/caller.ts';
import { grantOfKey } from '../access/grant.ts';
import { callerByLink } from '../approval-link/caller.ts';
import { peopleOf } from '../approval-link/people.ts';
import type { Caller, LinkProof, VerbContext } from '../context.ts';

async function linkCaller(
  { projectId, clock }: VerbContext,
  tx: WriteTx,
  { id, approvalId }: LinkProof,
): Promise<Caller> {
  const links = await tx.approvalLinks.ofApproval(projectId, approvalId);
  const link = links.find((row) => row.id === id);
  const people = link && (await peopleOf(tx.access, link, clock.now()));
  if (!link || !people) throw refuseCaller();
  return callerByLink(link, people);
}

async function keyCaller({ projectId, clock, caller }: VerbContext, tx: WriteTx): Promise<Caller> {
  const { keyId, kind, expiresAt } = caller.credential;
  const grant = await grantOfKey(tx.access, { projectId, keyId }, clock.now());
  if (!grant) throw refuseCaller();
  return toCaller(grant, { kind, expiresAt });
}

/**
 * Whoever decides as they are in the transaction that decides, not as they were when the request came in: a key that
 * was revoked meanwhile is refused, and groups are those of now. @throws ExecError authentication_required
 */
export async function asTheyAreNow(ctx: VerbContext, tx: WriteTx): Promise<VerbContext> {
  const { link } = ctx.caller.credential;
  return { ...ctx, caller: await (link ? linkCaller(ctx, tx, link) : keyCaller(ctx, tx)) };
}
