import type { AccessReader, ApprovalLinkRecord } from '@xem/store';
import { isUsable, type Grant } from '../access/caller.ts';
import type { LinkPeople } from './caller.ts';

/** The key that mints or minted links, with whose it is; null when it has ended or they are disabled. */
export async function minterOf(
  access: AccessReader,
  { projectId, minterKeyId }: Pick<ApprovalLinkRecord, 'projectId' | 'minterKeyId'>,
  now: number,
): Promise<Grant | null> {
  const key = await access.apiKey(projectId, minterKeyId);
  const principal = key && (await access.principal(projectId, key.principalId));
  const project = await access.project(projectId);
  return key && principal && project && isUsable({ key, principal }, now)
    ? { key, principal, project }
    : null;
}

/** Those whom a link needs, or null when one of them may no longer act. */
export async function peopleOf(
  access: AccessReader,
  link: Pick<ApprovalLinkRecord, 'projectId' | 'minterKeyId' | 'reviewer'>,
  now: number,
): Promise<LinkPeople | null> {
  const minter = await minterOf(access, link, now);
  const reviewer = await access.principal(link.projectId, link.reviewer.id);
  return minter && reviewer && !reviewer.disabled ? { reviewer, minter } : null;
}
