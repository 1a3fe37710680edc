import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '@xem/protocol';
import { renderDetails, type Detail } from '../../../render/detail.ts';
import { valueWords } from '../../../render/value.ts';

/** Members of a policy that are its rules, in the order in which they matter to whoever changes them. */
const RULES = [
  'policy_name',
  'require',
  'quorum_destructive',
  'quorum_irreversible',
  'allow_self_approval',
  'decide_with',
  'require_confirm_irreversible',
  'timeout_seconds_destructive',
  'timeout_seconds_irreversible',
  'on_timeout_destructive',
  'on_timeout_irreversible',
  'escalation_chain',
] as const satisfies readonly (keyof Policy)[];

const placeOf = ({ workspace_id: workspace }: Policy): string => workspace ?? 'the project';

const isOneMore = (before: Policy, after: Policy): boolean => before.id === after.id;

/** Whether what would be set is what is in force. */
export const isInForce = (before: Policy, after: Policy): boolean =>
  isOneMore(before, after) && before.version === after.version;

const titleOf = (before: Policy, after: Policy): readonly Detail[] => [
  ['Policy of', placeOf(after)],
  [
    'Version',
    isOneMore(before, after)
      ? `${before.version} -> ${after.version}`
      : `${after.version}, in place of ${before.policy_name} of ${placeOf(before)}`,
  ],
];

/** What would be in force, beside what is: only what differs. */
export function renderDifference(before: Policy, after: Policy): string {
  const changed = RULES.filter((name) => !isDeepStrictEqual(before[name], after[name]));
  return renderDetails([
    ...titleOf(before, after),
    ...changed.flatMap((name): readonly Detail[] => [
      [`${name} was`, valueWords(before[name], name)],
      [`${name} now`, valueWords(after[name], name)],
    ]),
  ]);
}
