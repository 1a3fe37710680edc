import type { ErrorCode } from '@xem/errors';
import type { ApprovalRecord, PolicyRules } from '@xem/store';
import type { Caller } from '../context.ts';
import { gateOf } from '../policy/rules.ts';

/** Whether a caller may decide, or why not, in words. */
export type Eligibility =
  | { readonly eligible: true }
  | {
      readonly eligible: false;
      readonly code: Extract<ErrorCode, 'approver_not_eligible' | 'approval_not_pending'>;
      readonly reason: string;
    };

/** What a decision is judged by. */
export interface DecisionCase {
  readonly caller: Caller;
  readonly approval: ApprovalRecord;
  /** The rules of the policy version that the approval is bound to. */
  readonly rules: PolicyRules;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Surfaces through which models speak: the credential that asked there never decides. */
export const MODEL_SURFACES: ReadonlySet<string> = new Set(['mcp', 'chat']);

type Rule = (decision: DecisionCase) => string | null;

const stageGroups = ({ stages, stageIndex }: ApprovalRecord): readonly string[] =>
  stages[stageIndex]?.groups ?? [];

/** In the order in which they are told. A rule answers why it stands in the way, or null. */
const RULES: readonly Rule[] = [
  ({ caller }) => (caller.principal.kind === 'human' ? null : 'a service never decides'),
  ({ caller }) => (caller.credential.canDecide ? null : 'the key was not made to decide'),
  ({ caller }) => (caller.credential.scopes.has('execution') ? null : 'the key lacks the scope execution'),
  ({ caller, approval }) =>
    MODEL_SURFACES.has(approval.surface) && caller.credential.keyId === approval.requestKeyId
      ? 'the key that asked through a model does not decide'
      : null,
  ({ caller, approval, rules }) =>
    caller.principal.id === approval.requestedBy.id && !rules.allowSelfApproval[gateOf(approval.risk)]
      ? 'the policy lets nobody decide their own call'
      : null,
  ({ caller, rules }) =>
    rules.decideWith === 'interactive' && caller.credential.kind === 'key'
      ? 'the policy takes decisions from a signed-in browser only'
      : null,
  ({ caller, approval }) => {
    const groups = stageGroups(approval);
    return groups.length === 0 || groups.some((group) => caller.groups.includes(group))
      ? null
      : `the present stage is for ${groups.join(', ')}`;
  },
  ({ caller, approval }) =>
    approval.decisions.some(({ decided_by }) => decided_by.id === caller.principal.id)
      ? 'this person has decided already'
      : null,
];

/**
 * The one function that says who may decide: every way in asks it, and nothing else does. A pending approval whose
 * time is over counts as decided.
 */
export function authorizeDecision(decision: DecisionCase): Eligibility {
  const { approval, now } = decision;
  if (approval.status !== 'pending' || approval.expiresAt <= now) {
    const state = approval.status === 'pending' ? 'expired' : approval.status;
    return { eligible: false, code: 'approval_not_pending', reason: `the approval is ${state}` };
  }
  for (const rule of RULES) {
    const reason = rule(decision);
    if (reason !== null) return { eligible: false, code: 'approver_not_eligible', reason };
  }
  return { eligible: true };
}
