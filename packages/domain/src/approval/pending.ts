import type { ApprovalId } from '@xem/protocol';
import type { InvocationRecord, WriteTx } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { loadInvocation } from '../invocation/get.ts';
import { asTheyAreNow } from './as-they-are-now.ts';
import type { DecisionAct } from './authorize-decision.ts';
import { assertMayDecide } from './decision.ts';
import { loadOver, type Over } from './load.ts';

/** An approval that waits, and its call; read in the transaction that decides it. */
export interface Pending extends Over {
  readonly call: InvocationRecord;
  /** Whoever decides, as they are now. */
  readonly by: VerbContext;
  /** When it was judged. */
  readonly now: number;
}

/**
 * What somebody decides over who may.
 * @throws ExecError approval_not_found, authentication_required, approval_not_pending, approver_not_eligible
 */
export async function loadPending(
  ctx: VerbContext,
  tx: WriteTx,
  { id, act }: { readonly id: ApprovalId; readonly act: DecisionAct },
): Promise<Pending> {
  const over = await loadOver(ctx, tx, id);
  const by = await asTheyAreNow(ctx, tx);
  const now = ctx.clock.now();
  assertMayDecide(by, { ...over, act, now });
  const call = await loadInvocation(ctx, tx.invocations, over.approval.invocationId);
  return { ...over, call, by, now };
}
