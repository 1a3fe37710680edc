import { SECOND_MS } from '@xem/protocol';
import type { InvocationRecord, Tariff, WriteTx } from '@xem/store';

const seconds = (ms: number): number => Math.ceil(ms / SECOND_MS);

/** What is kept back for a call until its end: what it costs when it runs for all of its time, and at least 1. */
export const reservationOf = ({ perCall, perSecond }: Tariff, timeoutMs: number): number =>
  Math.max(1, perCall + perSecond * seconds(timeoutMs));

/** What no call of a tariff can be let in with less than. */
export const leastReservation = (tariff: Tariff): number => reservationOf(tariff, 1);

/** How long a call ran: by its agent's word, else from its start to its end, at most its time. */
function ranMs({ result, startedAt, endedAt, timeoutMs }: InvocationRecord): number {
  if (result) return result.durationMs;
  return startedAt === null || endedAt === null ? 0 : Math.min(endedAt - startedAt, timeoutMs);
}

/** Whether a call came to nothing before an agent began with it: refused by people, or cancelled in time. */
const neverBegan = ({ status, startedAt, losses }: InvocationRecord): boolean =>
  status === 'rejected' || (status === 'cancelled' && startedAt === null && losses === 0);

/**
 * What a call that has ended costs under the tariff that is in force now, never more than was kept back for it: once it
 * went to an agent its price, and each second that it ran.
 */
export async function priceOf(tx: WriteTx, ended: InvocationRecord, kept: number): Promise<number> {
  if (ended.attempt === 0 || neverBegan(ended)) return 0;
  const tariff = (await tx.access.project(ended.projectId))?.tariff;
  return tariff ? Math.min(kept, tariff.perCall + tariff.perSecond * seconds(ranMs(ended))) : 0;
}
