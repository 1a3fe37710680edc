import { DeliveryId } from '@xem/protocol';
import type { DeliveryLine, DeliveryRecord, WriteTx } from '@xem/store';
import type { WriteServices } from '../context.ts';

/** What is sent, and to whom. */
type Sending = Pick<
  DeliveryRecord,
  'projectId' | 'webhookId' | 'eventId' | 'eventType' | 'subject' | 'seq' | 'body'
>;

/** A delivery that nobody has tried yet. */
export function newDelivery(
  { ids, clock }: Pick<WriteServices, 'ids' | 'clock'>,
  sending: Sending,
): DeliveryRecord {
  const now = clock.now();
  return {
    ...sending,
    id: DeliveryId.parse(`dlv_${ids.hex()}`),
    version: 1,
    status: 'pending',
    attempts: 0,
    nextAttemptAt: now,
    responseStatus: null,
    error: null,
    createdAt: now,
    endedAt: null,
  };
}

/**
 * Puts a delivery behind those of its subject that are pending: of each line one has a time at which it is sent, and the
 * others have none until it has ended.
 */
export async function enqueue(tx: WriteTx, row: DeliveryRecord): Promise<DeliveryRecord> {
  const ahead = await tx.deliveries.firstPending(row);
  const placed = { ...row, nextAttemptAt: ahead ? null : row.nextAttemptAt };
  await tx.deliveries.insert(placed);
  return placed;
}

/** Lets the next of a line be sent, when the one before has ended. */
export async function moveUp(tx: WriteTx, line: DeliveryLine, now: number): Promise<void> {
  const next = await tx.deliveries.firstPending(line);
  if (next && next.nextAttemptAt === null) await tx.deliveries.save({ ...next, nextAttemptAt: now });
}
