import type { JoinKeyStatus } from '@xem/protocol';
import type { JoinKeyRecord, JoinKeyUseRecord } from '@xem/store';

/** Whether a reserved use was not confirmed in time; it counts no more, whether or not it was swept up yet. */
export const isOverdue = ({ status, lapsesAt }: JoinKeyUseRecord, now: number): boolean =>
  status === 'reserved' && lapsesAt <= now;

/** The uses of a key that are taken now. */
export const takenUses = (uses: readonly JoinKeyUseRecord[], now: number): readonly JoinKeyUseRecord[] =>
  uses.filter((use) => use.status !== 'lapsed' && !isOverdue(use, now));

/** The status of a key, which is derived and never stored. */
export function joinKeyStatus(
  row: JoinKeyRecord,
  taken: readonly JoinKeyUseRecord[],
  now: number,
): JoinKeyStatus {
  if (row.revokedAt !== null) return 'revoked';
  if (row.expiresAt <= now) return 'expired';
  return taken.length >= row.uses ? 'exhausted' : 'active';
}
