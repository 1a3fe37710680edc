import { ExecError } from '@xem/errors';
import type { WriteTx } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { findLink } from './load.ts';
import { isOpen } from './token.ts';

/** Uses up the link that a decision comes by, in the transaction that decides. @throws ExecError approver_not_eligible */
export async function spendLink(ctx: VerbContext, tx: WriteTx): Promise<void> {
  const { link } = ctx.caller.credential;
  if (!link) return;
  const row = await findLink(ctx, tx.approvalLinks, link);
  const now = ctx.clock.now();
  if (!row || !isOpen(row, now))
    throw new ExecError('approver_not_eligible', 'the link has been used or is over');
  await tx.approvalLinks.save({ ...row, usedAt: now });
}
