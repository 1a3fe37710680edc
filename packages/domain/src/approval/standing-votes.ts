import type { PrincipalRef } from '@xem/protocol';
import type { ApprovalRecord, DecisionRecord, WriteTx } from '@xem/store';
import { votersBehind } from './authorize-decision.ts';

async function stands(tx: WriteTx, { projectId }: ApprovalRecord, by: PrincipalRef): Promise<boolean> {
  const people = votersBehind(by).map((id) => tx.access.principal(projectId, id));
  return (await Promise.all(people)).every((person) => person?.disabled === false);
}

/** The decisions of those who are still there: the voice of somebody who was disabled since counts no more. */
export async function standingVotes(
  tx: WriteTx,
  approval: ApprovalRecord,
): Promise<readonly DecisionRecord[]> {
  const { decisions } = approval;
  const standing = await Promise.all(decisions.map(({ decided_by: by }) => stands(tx, approval, by)));
  return decisions.filter((_, at) => standing[at]);
}
