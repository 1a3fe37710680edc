import type { PrincipalId, Quorum } from '@xem/protocol';
import type { DecisionRecord } from '@xem/store';

/** A person who agreed, and the groups they were in then. */
export interface Voter {
  readonly id: PrincipalId;
  readonly groups: readonly string[];
}

/** Those of some decisions who agreed. */
export const votersOf = (decisions: readonly DecisionRecord[]): readonly Voter[] =>
  decisions
    .filter(({ decision }) => decision === 'approve')
    .map(({ decided_by: { id }, groups }) => ({ id, groups }));

interface Row {
  readonly group: string;
  readonly count: number;
}

const quorumRows = (quorum: Quorum): readonly Row[] => ('any_of' in quorum ? quorum.any_of : quorum.all_of);

/** How many people of a group agreed; `*` stands for everybody. People are counted, not votes. */
const peopleOf = (voters: readonly Voter[], group: string): number =>
  new Set(voters.filter(({ groups }) => group === '*' || groups.includes(group)).map(({ id }) => id)).size;

/** Who has agreed so far, row by row. */
export const countPeople = (quorum: Quorum, voters: readonly Voter[]): Row[] =>
  quorumRows(quorum).map(({ group }) => ({ group, count: peopleOf(voters, group) }));

/** Whether enough people agreed. */
export function isReached(quorum: Quorum, voters: readonly Voter[]): boolean {
  const met = ({ group, count }: Row): boolean => peopleOf(voters, group) >= count;
  return 'any_of' in quorum ? quorum.any_of.some(met) : quorum.all_of.every(met);
}
