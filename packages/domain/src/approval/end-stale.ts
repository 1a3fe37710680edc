import { approvalMachine } from '@xem/protocol';
import type { ApprovalRecord, InvocationRecord, PolicyRules, WriteTx } from '@xem/store';
import { advance } from '../advance.ts';
import type { ProjectContext } from '../context.ts';
import { endBy } from '../invocation/end.ts';
import { endCall } from '../invocation/end-call.ts';
import type { Change } from '../mutate.ts';
import { hashCall } from './call.ts';
import { approvalFact, gatedCall, keptOf } from './request.ts';
import type { Staleness } from './staleness.ts';

/** An approval whose call, tool or policy is no longer what was shown. */
export interface StaleApproval {
  readonly approval: ApprovalRecord;
  readonly call: InvocationRecord;
  readonly rules: PolicyRules;
  readonly changed: Staleness;
}

/** Settles a stale approval as withdrawn and its call as rejected; both hashes go into the journal. */
export async function endStaleApproval(
  ctx: ProjectContext,
  tx: WriteTx,
  { approval, call, rules, changed }: StaleApproval,
): Promise<Change<Omit<StaleApproval, 'call'>>> {
  const now = ctx.clock.now();
  const withdrawn = await tx.approvals.save({
    ...advance(approvalMachine, approval, 'withdraw'),
    decidedAt: now,
  });
  const cause = { code: 'approval_stale', message: `the ${changed} changed while the call waited` } as const;
  const { fact } = await endCall(tx, {
    ...endBy(call, 'goStale', { now, cause }),
    approval: keptOf(withdrawn),
  });
  const told = {
    ...gatedCall(withdrawn),
    because: cause.code,
    call_sha256_now: hashCall(call, approval.policy),
  };
  const facts = [approvalFact('approval.withdrawn', withdrawn, told), fact];
  return { result: { approval: withdrawn, rules, changed }, facts };
}
