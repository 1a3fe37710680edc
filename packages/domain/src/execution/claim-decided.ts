import { GATED_RISKS, type AgentId } from '@xem/protocol';
import type { ApprovalRecord, InvocationRecord, WriteTx } from '@xem/store';
import { hashCall } from '../approval/call.ts';
import { findStaleness, type Staleness } from '../approval/staleness.ts';
import type { ProjectContext } from '../context.ts';
import { endBy } from '../invocation/end.ts';
import { endCall } from '../invocation/end-call.ts';
import { claim, type Claim } from './claim.ts';
import type { SlotGuard } from './slot-guard.ts';

interface DecidedClaim {
  readonly invocation: InvocationRecord;
  readonly agents: readonly AgentId[];
  readonly newcomer: boolean;
  readonly guard: SlotGuard;
}

/** Ends a call that is no longer what was approved; both hashes go into the journal. */
async function endStale(
  ctx: ProjectContext,
  tx: WriteTx,
  stale: { readonly call: InvocationRecord; readonly approval: ApprovalRecord; readonly changed: Staleness },
): Promise<Claim> {
  const { call, approval, changed } = stale;
  const cause = { code: 'approval_stale', message: `the ${changed} changed after it was approved` } as const;
  const ended = endBy(call, 'goStale', { now: ctx.clock.now(), cause });
  const { row: rejected, fact } = await endCall(tx, ended);
  const hashes = { call_sha256: hashCall(call, approval.policy), approved_call_sha256: approval.callSha256 };
  return { invocation: rejected, execution: null, facts: [{ ...fact, data: { ...fact.data, ...hashes } }] };
}

/**
 * Gives a queued call to an agent. A call that was decided is compared once more with the decision over it, so that
 * nothing runs that is not exactly what a human let through.
 */
export async function claimDecided(
  ctx: ProjectContext,
  tx: WriteTx,
  { invocation, ...place }: DecidedClaim,
): Promise<Claim> {
  if (invocation.approval === null && !GATED_RISKS.has(invocation.risk)) {
    return claim(ctx, tx, { ...place, invocation, approval: null, fresh: false });
  }
  const approval =
    invocation.approval && (await tx.approvals.get(invocation.projectId, invocation.approval.id));
  if (!approval) throw new Error(`gated invocation ${invocation.id} has no approval`);
  const changed = await findStaleness(ctx, tx.policies, { call: invocation, approval });
  if (changed) return endStale(ctx, tx, { call: invocation, approval, changed });
  return claim(ctx, tx, { ...place, invocation, approval, fresh: false });
}
