import { rotateWebhookSecret, type ParsedInputOf, type Webhook } from '@xem/protocol';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { newSecret } from './create.ts';
import { webhookFact } from './facts.ts';
import { loadWebhook } from './load.ts';
import { presentWebhook } from './present.ts';

/** Signs with another secret from now on, what waits too; it is in this answer only. @throws ExecError webhook_not_found */
export const rotateSecret = (
  ctx: VerbContext,
  input: ParsedInputOf<typeof rotateWebhookSecret>,
): Promise<Webhook> =>
  mutate(ctx, rotateWebhookSecret, async (tx) => {
    const row = await loadWebhook(ctx, tx.webhooks, input.id);
    const secret = input.secret ?? newSecret(ctx);
    const saved = await tx.webhooks.save({ ...row, secret: ctx.secretBox.seal(row.id, secret) });
    return {
      result: { ...presentWebhook(saved), secret },
      facts: [webhookFact('webhook.rotated', saved)],
    };
  });
