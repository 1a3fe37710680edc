import type { PrincipalRef } from '@xem/protocol';
import type { ApprovalLinkRecord, PrincipalRecord } from '@xem/store';
import { toCaller, type Grant } from '../access/caller.ts';
import type { Caller } from '../context.ts';
import { refOf } from '../principal/record.ts';

/** Who a link speaks for: its reviewer, by the rights of the key that minted it. */
export interface LinkPeople {
  readonly reviewer: PrincipalRecord;
  readonly minter: Grant;
}

/** Whose voice a link is: that of its reviewer, who speaks for its minter. */
export const voiceOf = (
  { id }: Pick<ApprovalLinkRecord, 'id'>,
  { reviewer, minter }: LinkPeople,
): PrincipalRef => ({ ...refOf(reviewer), via: { kind: 'link', id, of: minter.principal.id } });

/**
 * The caller that a link makes: the reviewer, with nothing but the minter's right to decide this one approval, in those
 * groups that the minter was in when they minted it and still is.
 */
export function callerByLink(
  link: Pick<ApprovalLinkRecord, 'id' | 'approvalId' | 'groups' | 'expiresAt'>,
  people: LinkPeople,
): Caller {
  const { minter } = people;
  const { credential, ...rest } = toCaller(minter, { kind: 'link', expiresAt: link.expiresAt });
  const groups = link.groups.filter((group) => minter.principal.groups.includes(group));
  return {
    ...rest,
    principal: voiceOf(link, people),
    groups,
    credential: {
      ...credential,
      link: { id: link.id, approvalId: link.approvalId },
      scopes: new Set([...credential.scopes].filter((scope) => scope === 'execution')),
    },
  };
}
