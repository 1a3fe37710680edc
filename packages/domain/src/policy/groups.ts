import type { Quorum } from '@xem/protocol';

/** Somebody, by the groups they are in. */
interface Member {
  readonly groups: readonly string[];
}

/** The group that everybody is in. */
const EVERYBODY = '*';

/** Whether somebody is in a group. */
export const isIn = ({ groups }: Member, group: string): boolean =>
  group === EVERYBODY || groups.includes(group);

/** Whether a stage is for somebody; without groups it is for everybody. */
export const isFor = (stageGroups: readonly string[], member: Member): boolean =>
  stageGroups.length === 0 || stageGroups.some((group) => isIn(member, group));

/** So many people of a group. */
export interface QuorumRow {
  readonly group: string;
  readonly count: number;
}

/** The rows of a quorum. */
export const rowsOf = (quorum: Quorum): readonly QuorumRow[] =>
  'any_of' in quorum ? quorum.any_of : quorum.all_of;

/** Whether the voice of somebody counts for any row of a quorum. */
export const countsFor = (quorum: Quorum, member: Member): boolean =>
  rowsOf(quorum).some(({ group }) => isIn(member, group));
