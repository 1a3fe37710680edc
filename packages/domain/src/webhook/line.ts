import type { DeliveryLine, DeliveryRecord, WriteTx } from '@xem/store';

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
