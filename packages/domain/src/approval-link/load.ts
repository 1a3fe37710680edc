import type { ApprovalLinkReader, ApprovalLinkRecord } from '@xem/store';
import type { LinkProof, Origin } from '../context.ts';

/** The link that a vote is given by, as it is now. */
export async function findLink(
  { projectId }: Pick<Origin, 'projectId'>,
  rows: ApprovalLinkReader,
  { id, approvalId }: LinkProof,
): Promise<ApprovalLinkRecord | null> {
  const links = await rows.ofApproval(projectId, approvalId);
  return links.find((row) => row.id === id) ?? null;
}
