import { RISKS, type PolicyMembers, type Quorum } from '@xem/protocol';
import type { PolicyRules } from '@xem/store';

const toQuorum = ({ any_of: anyOf, all_of: allOf }: PolicyMembers['quorum_destructive']): Quorum =>
  allOf === undefined ? { any_of: anyOf ?? [] } : { all_of: allOf };

const forBoth = (allowed: PolicyMembers['allow_self_approval']): PolicyRules['allowSelfApproval'] =>
  typeof allowed === 'boolean' ? { destructive: allowed, irreversible: allowed } : allowed;

const inBrief = ({
  destructive,
  irreversible,
}: PolicyRules['allowSelfApproval']): PolicyMembers['allow_self_approval'] =>
  destructive === irreversible ? destructive : { destructive, irreversible };

/** The rules that members say, as they are stored. */
export const toRules = (members: PolicyMembers): PolicyRules => ({
  require: RISKS.filter((risk) => members.require.includes(risk)),
  timeoutSeconds: {
    destructive: members.timeout_seconds_destructive,
    irreversible: members.timeout_seconds_irreversible,
  },
  onTimeout: { destructive: members.on_timeout_destructive, irreversible: members.on_timeout_irreversible },
  quorum: {
    destructive: toQuorum(members.quorum_destructive),
    irreversible: toQuorum(members.quorum_irreversible),
  },
  allowSelfApproval: forBoth(members.allow_self_approval),
  requireConfirmIrreversible: members.require_confirm_irreversible,
  decideWith: members.decide_with,
  escalationChain: members.escalation_chain.map(({ groups, timeout_seconds: timeoutSeconds }) => ({
    groups,
    timeoutSeconds,
  })),
});

/** Rules as they travel. */
export const toMembers = (name: string, rules: PolicyRules): PolicyMembers => ({
  policy_name: name,
  require: [...rules.require],
  timeout_seconds_destructive: rules.timeoutSeconds.destructive,
  timeout_seconds_irreversible: rules.timeoutSeconds.irreversible,
  on_timeout_destructive: rules.onTimeout.destructive,
  on_timeout_irreversible: rules.onTimeout.irreversible,
  quorum_destructive: rules.quorum.destructive,
  quorum_irreversible: rules.quorum.irreversible,
  allow_self_approval: inBrief(rules.allowSelfApproval),
  require_confirm_irreversible: rules.requireConfirmIrreversible,
  decide_with: rules.decideWith,
  escalation_chain: rules.escalationChain.map(({ groups, timeoutSeconds }, at) => ({
    stage: at + 1,
    groups: [...groups],
    timeout_seconds: timeoutSeconds,
  })),
});
