import type { AccessReader, ApprovalLinkRecord } from '@xem/store';
import { grantOfKey } from '../access/grant.ts';
import type { LinkPeople } from './caller.ts';

/** Those whom a link needs, or null when one of them may no longer act. */
export async function peopleOf(
  access: AccessReader,
  link: Pick<ApprovalLinkRecord, 'projectId' | 'minterKeyId' | 'reviewer'>,
  now: number,
): Promise<LinkPeople | null> {
  const { projectId, minterKeyId: keyId } = link;
  const minter = await grantOfKey(access, { projectId, keyId }, now);
  const reviewer = await access.principal(projectId, link.reviewer.id);
  return minter && reviewer && !reviewer.disabled ? { reviewer, minter } : null;
}
