import { ExecError } from '@xem/errors';
import type { Approval, ApprovalId } from '@xem/protocol';
import type { ApprovalRecord, WriteTx } from '@xem/store';
import type { Governed, VerbContext } from '../context.ts';
import { withSlots, type SlotGuard } from '../execution/slot-guard.ts';
import { mutate, type Change, type Fact } from '../mutate.ts';
import type { DecisionAct } from './authorize-decision.ts';
import { endStaleApproval } from './end-stale.ts';
import type { Over } from './load.ts';
import { loadPending, type Pending } from './pending.ts';
import { presentApproval } from './present.ts';
import { findStaleness, type Staleness } from './staleness.ts';

/** What somebody decides over: an approval, as it was shown to them. */
interface Shown {
  readonly id: ApprovalId;
  readonly confirm?: string | undefined;
  readonly call_sha256?: string | undefined;
}

/** What a yes lets run, in a slot that is kept for it. */
interface Release extends Pending {
  readonly guard: SlotGuard;
}

/** A yes over exactly the call that was shown. */
interface Consent {
  readonly operation: Governed;
  readonly act: DecisionAct;
  readonly shown: Shown;
  /** What the yes leads to: the approval as it was saved, and what the journal hears. */
  readonly lead: (tx: WriteTx, release: Release) => Promise<readonly [ApprovalRecord, readonly Fact[]]>;
}

/** What a decision led to; a stale approval is settled and then refused. */
interface Outcome extends Over {
  readonly changed: Staleness | null;
}

function assertConfirmed({ approval }: Pending, { confirm }: Shown): void {
  if (!approval.confirmRequired || confirm === approval.tool) return;
  const message = `an irreversible call is approved with its tool's name typed back: confirm must be ${approval.tool}`;
  throw new ExecError('confirmation_required', message, { param: '/confirm' });
}

const differs = ({ approval }: Pending, { call_sha256: shown }: Shown): boolean =>
  shown !== undefined && shown !== approval.callSha256;

const decide = (ctx: VerbContext, consent: Consent, guard: SlotGuard): Promise<Outcome> =>
  mutate(ctx, consent.operation, async (tx): Promise<Change<Outcome>> => {
    const { shown } = consent;
    const pending = await loadPending(ctx, tx, { id: shown.id, act: consent.act });
    const changed = differs(pending, shown) ? 'call' : await findStaleness(ctx, tx.policies, pending);
    if (changed) return endStaleApproval(ctx, tx, { ...pending, changed });
    assertConfirmed(pending, shown);
    const [approval, facts] = await consent.lead(tx, { ...pending, guard });
    return { result: { approval, rules: pending.rules, changed: null }, facts };
  });

/**
 * Takes a yes over a waiting call. What was shown is compared with what would run: a difference settles the approval
 * as withdrawn and nothing runs.
 * @throws ExecError approval_not_found, approval_not_pending, approver_not_eligible, confirmation_required, approval_stale
 */
export async function decideOver(ctx: VerbContext, consent: Consent): Promise<Approval> {
  const { approval, rules, changed } = await withSlots(ctx, (guard) => decide(ctx, consent, guard));
  if (changed === null) return presentApproval(ctx, approval, rules);
  throw new ExecError('approval_stale', `the ${changed} is no longer what was shown; ask for it again`);
}
