import type { PrincipalId, Quorum } from '@xem/protocol';
import type { DecisionRecord } from '@xem/store';
import { isIn, rowsOf, type QuorumRow } from '../policy/groups.ts';

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

/** How many people of a group agreed; `*` stands for everybody. People are counted, not votes. */
const peopleOf = (voters: readonly Voter[], group: string): number =>
  new Set(voters.filter((voter) => isIn(voter, group)).map(({ id }) => id)).size;

/** Who has agreed so far, row by row. */
export const countPeople = (quorum: Quorum, voters: readonly Voter[]): QuorumRow[] =>
  rowsOf(quorum).map(({ group }) => ({ group, count: peopleOf(voters, group) }));

/** Whether enough people agreed. */
export function isReached(quorum: Quorum, voters: readonly Voter[]): boolean {
  const met = ({ group, count }: QuorumRow): boolean => peopleOf(voters, group) >= count;
  return 'any_of' in quorum ? quorum.any_of.some(met) : quorum.all_of.every(met);
}
