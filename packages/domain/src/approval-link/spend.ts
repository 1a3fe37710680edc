import { ExecError } from '@xem/errors';
import type { WriteTx } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { isOpen } from './token.ts';

/** Uses up the link that a decision comes by, in the transaction that decides. @throws ExecError approver_not_eligible */
export async function spendLink({ caller, clock, projectId }: VerbContext, tx: WriteTx): Promise<void> {
  const { link } = caller.credential;
  if (!link) return;
  const links = await tx.approvalLinks.ofApproval(projectId, link.approvalId);
  const row = links.find(({ id }) => id === link.id);
  const now = clock.now();
  if (!row || !isOpen(row, now))
    throw new ExecError('approver_not_eligible', 'the link has been used or is over');
  await tx.approvalLinks.save({ ...row, usedAt: now });
}
