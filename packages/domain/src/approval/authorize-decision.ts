import type { ErrorCode } from '@xem/errors';
import type { PrincipalId, PrincipalRef, Surface } from '@xem/protocol';
import type { ApprovalRecord, PolicyRules } from '@xem/store';
import type { Caller } from '../context.ts';
import { countsFor, isFor, rowsOf } from '../policy/groups.ts';
import { gateOf } from '../policy/rules.ts';
import { stageAt } from './stage.ts';

/** Whether a caller may decide, or why not, in words. */
export type Eligibility =
  | { readonly eligible: true }
  | {
      readonly eligible: false;
      readonly code: Extract<ErrorCode, 'approver_not_eligible' | 'approval_not_pending'>;
      readonly reason: string;
    };

/** A vote counts towards the quorum; whoever breaks the glass settles it alone. */
export type DecisionAct = 'vote' | 'break_glass';

/** What a decision is judged by. */
export interface DecisionCase {
  readonly caller: Caller;
  readonly approval: ApprovalRecord;
  /** The rules of the policy version that the approval is bound to. */
  readonly rules: PolicyRules;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** A vote, unless said. */
  readonly act?: DecisionAct;
  /** Where the decision comes in, as it says itself: this can only stand in the way. */
  readonly surface?: Surface;
}

/** Surfaces through which models speak: the credential that asked there never decides. */
export const MODEL_SURFACES: ReadonlySet<string> = new Set(['mcp', 'chat']);

type Rule = (decision: DecisionCase) => string | null;

/** Whether a key is of the family that asked, or comes from it. */
const comesFromAsker = ({ caller, approval }: DecisionCase): boolean =>
  caller.credential.families.includes(approval.requestFamily);

/** Those whose vote a voice uses up: a link's is that of its reviewer and of its minter. */
export const votersBehind = ({ id, via }: PrincipalRef): readonly PrincipalId[] =>
  via ? [id, via.of] : [id];

/** Whether somebody was let in, enabled or given a group since a call was asked for, be it in the same moment. */
export const cameLater = (
  { empoweredAt }: Pick<Caller, 'empoweredAt'>,
  { createdAt }: Pick<ApprovalRecord, 'createdAt'>,
): boolean => empoweredAt !== null && empoweredAt >= createdAt;

const hasVoted = ({ caller, approval }: DecisionCase): boolean => {
  const spent = new Set(approval.decisions.flatMap(({ decided_by: by }) => votersBehind(by)));
  return votersBehind(caller.principal).some((id) => spent.has(id));
};

/** Who somebody is and what they hold: nothing waives these. A rule answers why it stands in the way, or null. */
const PERSON_RULES: readonly Rule[] = [
  ({ caller }) => (caller.principal.kind === 'human' ? null : 'a service never decides'),
  ({ caller }) => (caller.credential.canDecide ? null : 'the key was not made to decide'),
  ({ caller }) => (caller.credential.scopes.has('execution') ? null : 'the key lacks the scope execution'),
  ({ caller: { credential }, approval }) =>
    credential.link && credential.link.approvalId !== approval.id ? 'the link is to another approval' : null,
  (decision) =>
    MODEL_SURFACES.has(decision.approval.surface) && comesFromAsker(decision)
      ? 'the key that asked through a model does not decide'
      : null,
  ({ caller, approval }) =>
    cameLater(caller, approval)
      ? 'who was let in, or given a group, after a call was asked for does not decide it'
      : null,
  ({ caller, approval, rules }) =>
    votersBehind(caller.principal).includes(approval.requestedBy.id) &&
    !rules.allowSelfApproval[gateOf(approval.risk)]
      ? 'the policy lets nobody decide their own call'
      : null,
  ({ caller, rules }) =>
    rules.decideWith === 'interactive' && caller.credential.kind !== 'console'
      ? 'the policy takes decisions from a signed-in browser only'
      : null,
];

/** Whose voice counts towards the quorum now. */
const VOTE_RULES: readonly Rule[] = [
  ({ caller, approval, now }) => {
    const { groups } = stageAt(approval, now);
    return isFor(groups, caller) ? null : `the present stage is for ${groups.join(', ')}`;
  },
  ({ caller, approval: { quorum } }) => {
    const groups = rowsOf(quorum).map(({ group }) => group);
    return countsFor(quorum, caller) ? null : `the policy counts the voices of ${groups.join(', ')} only`;
  },
  (decision) => (hasVoted(decision) ? 'this person has decided already' : null),
];

/** Who may settle it alone: one credential is never enough both to ask and to break the glass. */
const GLASS_RULES: readonly Rule[] = [
  ({ caller }) =>
    caller.credential.scopes.has('break_glass') ? null : 'the key lacks the scope break_glass',
  ({ surface }) =>
    surface !== undefined && MODEL_SURFACES.has(surface) ? 'no model breaks the glass for a human' : null,
  (decision) => (comesFromAsker(decision) ? 'the key that asked does not break the glass' : null),
];

/** In the order in which they are told. */
const RULES: Readonly<Record<DecisionAct, readonly Rule[]>> = {
  vote: [...PERSON_RULES, ...VOTE_RULES],
  break_glass: [...PERSON_RULES, ...GLASS_RULES],
};

/**
 * The one function that says who may decide: every way in asks it, and nothing else does. A pending approval whose
 * time is over counts as decided.
 */
export function authorizeDecision(decision: DecisionCase): Eligibility {
  const { approval, now, act = 'vote' } = decision;
  if (approval.status !== 'pending' || approval.expiresAt <= now) {
    const state = approval.status === 'pending' ? 'expired' : approval.status;
    return { eligible: false, code: 'approval_not_pending', reason: `the approval is ${state}` };
  }
  for (const rule of RULES[act]) {
    const reason = rule(decision);
    if (reason !== null) return { eligible: false, code: 'approver_not_eligible', reason };
  }
  return { eligible: true };
}
