import { hashJson, updateWebhook, type ParsedInputOf, type Webhook } from '@xem/protocol';
import type { WebhookRecord } from '@xem/store';
import type { VerbContext } from '../context.ts';
import { mutate } from '../mutate.ts';
import { webhookFact } from './facts.ts';
import { loadWebhook } from './load.ts';
import { presentWebhook } from './present.ts';
import { applySwitch } from './switch.ts';
import { targetOf } from './target.ts';

type Update = ParsedInputOf<typeof updateWebhook>;

const updated = (ctx: VerbContext, row: WebhookRecord, update: Update): WebhookRecord => ({
  ...row,
  url: update.url === undefined ? row.url : targetOf(ctx.settings, update.url),
  events: update.events === undefined ? row.events : [...new Set(update.events)],
  description: update.description === undefined ? row.description : update.description,
  enabled: update.enabled ?? row.enabled,
  failingSince: update.enabled === true && !row.enabled ? null : row.failingSince,
});

/** Changes a webhook. What waits is sent to the new URL; switching off ends it. @throws ExecError webhook_not_found, invalid_body */
export const update = (ctx: VerbContext, input: Update): Promise<Webhook> =>
  mutate(ctx, updateWebhook, async (tx) => {
    const before = await loadWebhook(ctx, tx.webhooks, input.id);
    const after = updated(ctx, before, input);
    const shown = presentWebhook(after);
    if (hashJson(shown) === hashJson(presentWebhook(before))) return { result: shown, facts: [] };
    const saved = await tx.webhooks.save(after);
    if (after.enabled !== before.enabled) await applySwitch(ctx, tx, saved);
    return {
      result: shown,
      facts: [webhookFact('webhook.updated', saved)],
      committed: () => ctx.subscriptions.keep(saved),
    };
  });
