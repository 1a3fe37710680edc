import type { WebhookRecord, WriteTx } from '@xem/store';
import type { WriteContext } from '../context.ts';

/** What a delivery says that waited when its webhook was switched off. */
const SWITCHED_OFF = 'the webhook was switched off';

/**
 * What a change of `enabled` brings: one that goes on begins with what happens from now on; one that goes off sends
 * nothing more, and the journal need keep nothing for it.
 */
export async function applySwitch(
  ctx: Pick<WriteContext, 'clock'>,
  tx: WriteTx,
  { id, projectId, enabled }: WebhookRecord,
): Promise<void> {
  if (!enabled) {
    await tx.cursors.remove(id, projectId);
    await tx.deliveries.failPending(id, { at: ctx.clock.now(), error: SWITCHED_OFF });
    return;
  }
  const { seq } = await tx.journal.head(projectId);
  await tx.cursors.set(id, projectId, seq);
}
