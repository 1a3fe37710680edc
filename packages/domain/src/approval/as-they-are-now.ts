import type { WriteTx } from '@xem/store';
import { refuseCaller } from '../access/authenticate.ts';
import { toCaller } from '../access/caller.ts';
import { grantOfKey } from '../access/grant.ts';
import { callerByLink } from '../approval-link/caller.ts';
import { findLink } from '../approval-link/load.ts';
import { peopleOf } from '../approval-link/people.ts';
import type { Caller, LinkProof, VerbContext } from '../context.ts';

async function linkCaller(ctx: VerbContext, tx: WriteTx, proof: LinkProof): Promise<Caller> {
  const link = await findLink(ctx, tx.approvalLinks, proof);
  const people = link && (await peopleOf(tx.access, link, ctx.clock.now()));
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
