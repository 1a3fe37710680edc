import type { InvocationRecord, WriteTx } from '@xem/store';
import { approvalFact, gatedCall, keptOf, requestApproval } from '../approval/request.ts';
import type { VerbContext } from '../context.ts';
import { keepBack } from '../credit/pay.ts';
import { claim } from '../execution/claim.ts';
import { withSlots, type SlotGuard } from '../execution/slot-guard.ts';
import { rememberUse } from '../idempotency/known-use.ts';
import { mutate, type Change, type Fact } from '../mutate.ts';
import { requiresApproval } from '../policy/rules.ts';
import type { Admission, Admitting, CallRequest, CheckedCall } from './admission.ts';
import { checkCall } from './check-call.ts';
import { invocationFact } from './facts.ts';
import { findReplay } from './idempotency.ts';
import { newInvocation } from './new-invocation.ts';
import { presentInvocation } from './present.ts';

interface Opened {
  readonly row: InvocationRecord;
  readonly facts: readonly Fact[];
}

const createdFact = (row: InvocationRecord): Fact =>
  invocationFact('invocation.created', row, {
    tool: row.tool,
    risk: row.risk,
    args_sha256: row.argsSha256,
    status: row.status,
    ...(row.creditReserved !== null && { credit_reserved: row.creditReserved }),
  });

/** Stores a gated call with the approval it waits for. */
async function openGated(
  ctx: VerbContext,
  tx: WriteTx,
  checked: CheckedCall & { row: InvocationRecord },
): Promise<Opened> {
  const approval = requestApproval(ctx, { call: checked.row, policy: checked.policy });
  const row: InvocationRecord = {
    ...checked.row,
    status: 'pending_approval',
    approval: keptOf(approval),
    deadlineAt: approval.stageExpiresAt,
  };
  await tx.invocations.insert(row);
  await tx.approvals.insert(approval);
  return {
    row,
    facts: [createdFact(row), approvalFact('approval.requested', approval, gatedCall(approval))],
  };
}

interface Queueing {
  readonly row: InvocationRecord;
  readonly checked: CheckedCall;
  readonly guard: SlotGuard;
}

/** Stores a call that nobody must decide and, when an agent has a free slot, its first attempt. */
async function openQueued(ctx: VerbContext, tx: WriteTx, { row, checked, guard }: Queueing): Promise<Opened> {
  const deadlineAt = row.createdAt + ctx.settings.queueTimeoutMs;
  const queued: InvocationRecord = { ...row, queuedAt: row.createdAt, deadlineAt };
  const { agents } = checked.target;
  const place = { agents, newcomer: true, guard };
  const claimed = await claim(ctx, tx, { ...place, invocation: queued, approval: null, fresh: true });
  await tx.invocations.insert(claimed.invocation);
  if (claimed.execution) await tx.executions.insert(claimed.execution);
  const facts = [createdFact(queued), invocationFact('invocation.queued', queued, { because: 'created' })];
  return { row: claimed.invocation, facts: [...facts, ...claimed.facts] };
}

/**
 * Lets a call in: an idempotency key that is known answers now; then the checks; then one transaction with the call,
 * its approval or first attempt, and the key. @throws ExecError the codes of `createInvocation`
 */
export async function admit(
  ctx: VerbContext,
  request: CallRequest,
  admitting: Admitting,
): Promise<Admission> {
  const known = await findReplay(ctx, ctx.store.read, admitting);
  if (known) return known;
  const checked = await checkCall(ctx, request);
  return withSlots(ctx, (guard) =>
    mutate(ctx, admitting.operation, async (tx): Promise<Change<Admission>> => {
      const raced = await findReplay(ctx, tx, admitting);
      if (raced) return { result: raced, facts: [] };
      const row = await keepBack(ctx, tx, newInvocation(ctx, checked, admitting.rerunOf));
      const opened = requiresApproval(checked.policy.rules, row.risk)
        ? await openGated(ctx, tx, { ...checked, row })
        : await openQueued(ctx, tx, { row, checked, guard });
      await rememberUse(ctx, tx, { ...admitting, madeId: row.id });
      return {
        result: { kind: 'created', body: presentInvocation(opened.row, ctx.settings) },
        facts: opened.facts,
      };
    }),
  );
}
