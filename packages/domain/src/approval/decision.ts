import { ExecError } from '@xem/errors';
import { toTimestamp } from '@xem/runtime';
import type { ApprovalRecord, DecisionRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { authorizeDecision, type DecisionCase } from './authorize-decision.ts';
import { stageAt } from './stage.ts';

/** The way a decision came in. */
function channelOf({ caller, surface }: VerbContext): DecisionRecord['channel'] {
  if (caller.credential.kind === 'link') return 'link';
  if (caller.credential.kind === 'console') return 'page';
  return surface === 'cli' ? 'cli' : 'rest';
}

interface Voice extends Pick<DecisionRecord, 'decision' | 'note'> {
  /** When it was judged. */
  readonly now: number;
}

/** The caller's voice, as it is kept. */
export const newDecision = (
  ctx: VerbContext,
  approval: ApprovalRecord,
  { decision, note, now }: Voice,
): DecisionRecord => ({
  id: ctx.ids.uuid(),
  decision,
  decided_by: ctx.caller.principal,
  note,
  channel: channelOf(ctx),
  stage: stageAt(approval, now).index,
  at: toTimestamp(now),
  groups: ctx.caller.groups,
});

/**
 * Lets a caller through who may decide at a moment, which is the moment that the decision is kept with: one that was
 * in time is never told to have come late. @throws ExecError approval_not_pending, approver_not_eligible
 */
export function assertMayDecide(
  ctx: VerbContext,
  over: Pick<DecisionCase, 'approval' | 'rules' | 'act' | 'now'>,
): void {
  const { caller, surface } = ctx;
  const eligibility = authorizeDecision({ ...over, caller, surface });
  if (!eligibility.eligible) throw new ExecError(eligibility.code, eligibility.reason);
}
