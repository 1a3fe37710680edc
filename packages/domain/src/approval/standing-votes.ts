import type { PrincipalRef } from '@xem/protocol';
import type { ApprovalRecord, DecisionRecord, Reader } from '@xem/store';
import { cameLater, votersBehind } from './authorize-decision.ts';

/** A voice stands while everybody behind it is there, and whose it is did not come, or come back, after the call. */
async function stands(
  { access }: Pick<Reader, 'access'>,
  approval: ApprovalRecord,
  by: PrincipalRef,
): Promise<boolean> {
  const ids = votersBehind(by);
  const people = await Promise.all(ids.map((id) => access.principal(approval.projectId, id)));
  const owner = by.via?.of ?? by.id;
  return people.every((one) => one && !one.disabled && !(one.id === owner && cameLater(one, approval)));
}

/** The decisions that still count: the voice of somebody who was disabled counts no more, also once they are enabled. */
export async function standingVotes(
  reader: Pick<Reader, 'access'>,
  approval: ApprovalRecord,
): Promise<readonly DecisionRecord[]> {
  const { decisions } = approval;
  const standing = await Promise.all(decisions.map(({ decided_by: by }) => stands(reader, approval, by)));
  return decisions.filter((_, at) => standing[at]);
}
