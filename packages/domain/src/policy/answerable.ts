import { groupWords, quorumWords, type Quorum } from '@xem/protocol';
import type { PolicyRecord, PolicyRules, PrincipalRecord } from '@xem/store';
import { isReached } from '../approval/quorum.ts';
import { countsFor, isFor, isIn, rowsOf } from './groups.ts';
import type { Gate } from './rules.ts';

/** A human who holds a key that may decide. */
export type Decider = Pick<PrincipalRecord, 'id' | 'name' | 'groups'>;

/** Something about a policy that its people should know. */
export interface Doubt {
  readonly gate: Gate;
  /** Nobody at all could open this gate: not one call of it would ever run. */
  readonly unanswerable: boolean;
  readonly says: string;
}

interface GateCase {
  readonly gate: Gate;
  readonly rules: PolicyRules;
  readonly deciders: readonly Decider[];
}

const GATES: readonly Gate[] = ['destructive', 'irreversible'];

const has = (quorum: Quorum, deciders: readonly Decider[]): string =>
  rowsOf(quorum)
    .map(
      ({ group }) => `${deciders.filter((decider) => isIn(decider, group)).length} of ${groupWords(group)}`,
    )
    .join(', ');

/** Too few people for the quorum, or too few beside the one who asks. */
function doubtTheQuorum({ gate, rules, deciders }: GateCase): readonly Doubt[] {
  const quorum = rules.quorum[gate];
  if (!isReached(quorum, deciders)) {
    const says = `nobody could let any ${gate} call run: quorum_${gate} wants ${quorumWords(quorum)}, and the people who may decide are ${has(quorum, deciders)}`;
    return [{ gate, unanswerable: true, says }];
  }
  if (rules.allowSelfApproval[gate]) return [];
  const stuck = deciders.filter(({ id }) => !isReached(quorum, withoutOne(deciders, id)));
  const names = stuck.map(({ name }) => name).join(', ');
  const says = `nobody could decide the ${gate} calls that these people ask for themselves: ${names}`;
  return stuck.length === 0 ? [] : [{ gate, unanswerable: false, says }];
}

const withoutOne = (deciders: readonly Decider[], id: Decider['id']): readonly Decider[] =>
  deciders.filter((decider) => decider.id !== id);

/** Whether a policy escalates calls of a gate to nobody: they end when their time is over. */
const escalatesNowhere = (rules: PolicyRules, gate: Gate): boolean =>
  rules.onTimeout[gate] === 'escalate' && rules.escalationChain.length === 0;

/** A chain that is not there. */
const doubtTheEmpty = ({ gate, rules }: GateCase): readonly Doubt[] =>
  escalatesNowhere(rules, gate)
    ? [
        {
          gate,
          unanswerable: false,
          says: `a ${gate} call that nobody decides in time just ends: on_timeout_${gate} escalates, and escalation_chain is empty`,
        },
      ]
    : [];

/** A stage in which nobody could say anything that counts. */
function doubtTheStages({ gate, rules, deciders }: GateCase): readonly Doubt[] {
  if (rules.onTimeout[gate] === 'reject') return [];
  const doubt = (says: string): Doubt => ({ gate, unanswerable: false, says });
  return rules.escalationChain.flatMap(({ groups }, at) => {
    const heard = deciders.some(
      (decider) => isFor(groups, decider) && countsFor(rules.quorum[gate], decider),
    );
    const whom = groups.join(', ');
    return heard
      ? []
      : [doubt(`nobody of ${whom} could decide in stage ${at + 1} of an escalated ${gate} call`)];
  });
}

/** What is wrong with a policy, given the people who may decide now. Asked at every change, and by the doctor. */
export const findDoubts = (rules: PolicyRules, deciders: readonly Decider[]): readonly Doubt[] =>
  GATES.map((gate) => ({ gate, rules, deciders })).flatMap((about) =>
    [doubtTheQuorum, doubtTheEmpty, doubtTheStages].flatMap((find) => find(about)),
  );

/** Whether a policy is as a project begins with it, and escalates to nobody: nobody chose that. */
export const isUnchosenGap = ({ rules, createdBy }: Pick<PolicyRecord, 'rules' | 'createdBy'>): boolean =>
  createdBy === null && GATES.some((gate) => escalatesNowhere(rules, gate));

/**
 * What a policy carries as its warnings. The empty chain that a project begins with is not among them: the router
 * tells of it when it starts, and the doctor whenever it is asked.
 */
export function findWarnings(
  row: Pick<PolicyRecord, 'rules' | 'createdBy'>,
  deciders: readonly Decider[],
): readonly string[] {
  const told = isUnchosenGap(row)
    ? [doubtTheQuorum, doubtTheStages]
    : [doubtTheQuorum, doubtTheEmpty, doubtTheStages];
  return GATES.map((gate) => ({ gate, rules: row.rules, deciders }))
    .flatMap((about) => told.flatMap((find) => find(about)))
    .map(({ says }) => says);
}
