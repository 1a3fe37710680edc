import { ExecError } from '@xem/errors';
import { redeliverWebhook, type ParsedInputOf, type WebhookDelivery } from '@xem/protocol';
import type { DeliveryRecord, WriteTx } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { PENDING_MAX } from './fan-out.ts';
import { redelivered } from './facts.ts';
import { enqueue, newDelivery } from './line.ts';
import { loadWebhook } from './load.ts';
import { presentDelivery } from './present.ts';

type Request = ParsedInputOf<typeof redeliverWebhook>;

async function loadEnded(
  ctx: VerbContext,
  tx: WriteTx,
  { id, delivery_id }: Request,
): Promise<DeliveryRecord> {
  const row = await tx.deliveries.get(ctx.projectId, delivery_id);
  if (row?.webhookId !== id) {
    throw new ExecError('webhook_not_found', `webhook ${id} has no delivery ${delivery_id}`);
  }
  if (row.status === 'pending') throw new ExecError('invalid_state', `${delivery_id} is still to be sent`);
  return row;
}

async function assertTakesMore(ctx: VerbContext, tx: WriteTx, { id }: Request): Promise<void> {
  const { enabled } = await loadWebhook(ctx, tx.webhooks, id);
  if (!enabled) throw new ExecError('invalid_state', `webhook ${id} is switched off`);
  if ((await tx.deliveries.countPending(id)) < PENDING_MAX) return;
  throw new ExecError('invalid_state', `webhook ${id} has too many deliveries that wait`);
}

/** Sends the event of a delivery that has ended once more: the same event and body, a new delivery. @throws ExecError webhook_not_found, invalid_state */
export const redeliver = (ctx: VerbContext, input: Request): Promise<WebhookDelivery> =>
  mutate(ctx, redeliverWebhook, async (tx) => {
    await assertTakesMore(ctx, tx, input);
    const ended = await loadEnded(ctx, tx, input);
    const row = await enqueue(tx, newDelivery(ctx, ended));
    return { result: presentDelivery(row), facts: [redelivered(ended, row)] };
  });
