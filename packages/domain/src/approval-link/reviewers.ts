import { LinkId, type ApprovalId, type PrincipalRef } from '@xem/protocol';
import { authorizeDecision } from '../approval/authorize-decision.ts';
import { loadOver } from '../approval/load.ts';
import type { VerbContext } from '../context.ts';
import { refOf } from '../principal/record.ts';
import { callerByLink } from './caller.ts';
import { grantOfKey } from '../access/grant.ts';

/** As many as a page offers. */
const REVIEWERS_MAX = 200;

/** Stands in for a link that is not made yet. */
const NO_LINK = LinkId.parse(`lnk_${'0'.repeat(24)}`);

/** The other people whose vote by a link of the caller's would count now. @throws ExecError approval_not_found */
export async function reviewersOf(ctx: VerbContext, id: ApprovalId): Promise<readonly PrincipalRef[]> {
  const { caller, projectId, keyId } = ctx;
  const { access } = ctx.store.read;
  const now = ctx.clock.now();
  const over = { ...(await loadOver(ctx, ctx.store.read, id)), now };
  const minter = await grantOfKey(access, { projectId, keyId }, now);
  if (!minter || caller.credential.link || !authorizeDecision({ ...over, caller }).eligible) return [];
  const link = { id: NO_LINK, approvalId: id, groups: caller.groups, expiresAt: over.approval.expiresAt };
  const people = await access.principals(projectId, {}, { limit: REVIEWERS_MAX });
  return people
    .filter((reviewer) => !reviewer.disabled && reviewer.id !== caller.principal.id)
    .filter((reviewer) => {
      const byLink = callerByLink(link, { reviewer, minter });
      return authorizeDecision({ ...over, caller: byLink }).eligible;
    })
    .map(refOf);
}
