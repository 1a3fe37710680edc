import type { AccessReader, ApprovalLinkRecord } from '@xem/store';
import { isUsable } from '../access/caller.ts';
import type { LinkPeople } from './caller.ts';

/** Those whom a link needs, or null when one of them may no longer act: a key that ended, a principal that is disabled. */
export async function peopleOf(
  access: AccessReader,
  {
    projectId,
    minterKeyId,
    reviewer: { id },
  }: Pick<ApprovalLinkRecord, 'projectId' | 'minterKeyId' | 'reviewer'>,
  now: number,
): Promise<LinkPeople | null> {
  const key = await access.apiKey(projectId, minterKeyId);
  const principal = key && (await access.principal(projectId, key.principalId));
  const reviewer = await access.principal(projectId, id);
  const project = await access.project(projectId);
  if (!key || !principal || !project || !reviewer) return null;
  const able = isUsable({ key, principal }, now) && !reviewer.disabled;
  return able ? { reviewer, minter: { key, principal, project } } : null;
}
